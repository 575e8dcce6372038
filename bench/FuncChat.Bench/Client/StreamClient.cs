using System.Net;
using System.Net.Sockets;
using FuncChat.Bench.Wire;

namespace FuncChat.Bench.Client;

/// <summary>One connection to a server, on which one request after another is sent and its whole answer checked.</summary>
internal sealed class StreamClient(TextCheck check) : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly HttpAnswer _answer = new(check);

    // Thousands of slow streams need little, and a fast one takes what it gets.
    private byte[] _buffer = new byte[4096];

    public TextCheck Check => check;

    /// <summary>Microseconds from each request to its first piece of text.</summary>
    public List<int> FirstTexts { get; } = [];

    /// <summary>Microseconds from each request to the end of its answer.</summary>
    public List<int> Turns { get; } = [];

    public async Task ConnectAsync(IPEndPoint server, CancellationToken cancellationToken) => await _socket.ConnectAsync(server, cancellationToken);

    /// <param name="afterId">The id of the event that the answer begins after.</param>
    public async Task RunAsync(ReadOnlyMemory<byte> request, int pieces, CancellationToken cancellationToken, long afterId = 0)
    {
        check.Begin(afterId);
        _answer.Begin();
        var started = Clock.Microseconds;
        await _socket.SendAsync(request, cancellationToken);
        while (!_answer.IsWhole)
        {
            var count = await _socket.ReceiveAsync(_buffer, cancellationToken);
            if (count == 0)
                throw new BenchException("A server closed the connection in the middle of an answer.");
            check.ReceivedAt(Clock.Microseconds);
            _answer.Add(_buffer.AsSpan(0, count));
            if (count == _buffer.Length && count < 64 * 1024)
                _buffer = new byte[_buffer.Length * 2];
        }

        check.End(pieces);
        FirstTexts.Add((int)(check.FirstAt - started));
        Turns.Add((int)(Clock.Microseconds - started));
    }

    /// <summary>Sends a request, and waits only until its answer begins.</summary>
    public async Task BeginAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        await _socket.SendAsync(request, cancellationToken);
        if (await _socket.ReceiveAsync(_buffer, cancellationToken) == 0)
            throw new BenchException("A server closed the connection without an answer.");
    }

    public void Dispose() => _socket.Dispose();
}
