using System.Text;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Tests.Support;

/// <summary>What a handler writes, without a socket; a test waits for what it is to say.</summary>
internal sealed class RecordedResponse : Stream
{
    // A character may be split over two writes.
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly GrowingText _text = new();
    private readonly Task _done;

    public RecordedResponse(IResult result)
    {
        var http = new DefaultHttpContext();
        http.Response.Body = this;
        _done = Task.Run(async () =>
        {
            await result.ExecuteAsync(http);
            await http.Response.CompleteAsync(); // as a server does
        });
    }

    public string Text => _text.Text;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Waits until the text ends with this.</summary>
    public Task EndsAsync(string expected) => _text.UntilAsync(text => text.EndsWith(expected, StringComparison.Ordinal), _done, expected);

    /// <summary>Waits until there is an event of this name, with this in its data.</summary>
    public Task SaysAsync(string name, string within = "") => _text.UntilAsync(
        text => SseEvent.Parse(text).Any(e => e.Name == name && e.Raw.Contains(within, StringComparison.Ordinal)), _done, $"{name} {within}");

    public async Task<string> ToEndAsync()
    {
        await _done;
        return Text;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var characters = new char[_decoder.GetCharCount(buffer, flush: false)];
        _decoder.GetChars(buffer, characters, flush: false);
        _text.Add(new string(characters));
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
