using System.Text;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Tests.Support;

/// <summary>What a handler writes, without a socket; a test waits for what it is to say.</summary>
internal sealed class RecordedResponse : Stream
{
    private readonly MemoryStream _bytes = new();
    private readonly Lock _gate = new();
    private readonly Task _done;
    private TaskCompletionSource _changed = NewSignal();

    public RecordedResponse(IResult result)
    {
        var http = new DefaultHttpContext();
        http.Response.Body = this;
        _done = Task.Run(() => result.ExecuteAsync(http));
    }

    public string Text
    {
        get
        {
            lock (_gate)
                return Encoding.UTF8.GetString(_bytes.ToArray());
        }
    }

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
    public async Task EndsAsync(string expected)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
                changed = _changed.Task;
            if (Text.EndsWith(expected, StringComparison.Ordinal))
                return;
            Assert.False(_done.IsCompleted, $"The response ended without {expected}:\n{Text}");
            await Task.WhenAny(changed, _done);
        }
    }

    /// <summary>Waits until an event of this name, with this in its data, is the last thing.</summary>
    public async Task SaysAsync(string name, string within = "")
    {
        while (true)
        {
            Task changed;
            lock (_gate)
                changed = _changed.Task;
            if (SseEvent.Parse(Text).Any(e => e.Name == name && e.Raw.Contains(within, StringComparison.Ordinal)))
                return;
            Assert.False(_done.IsCompleted, $"The response ended without {name} {within}:\n{Text}");
            await Task.WhenAny(changed, _done);
        }
    }

    public async Task<string> ToEndAsync()
    {
        await _done;
        return Text;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _bytes.Write(buffer);
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
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

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
