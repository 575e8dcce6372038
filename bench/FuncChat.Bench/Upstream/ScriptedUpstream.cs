using System.Net;
using System.Net.Sockets;

namespace FuncChat.Bench.Upstream;

/// <summary>
/// A model provider on a free port of 127.0.0.1, on raw sockets, so that it is not the bottleneck. The model's name defines the answer: `text-500-10`
/// is 500 pieces, one each 10 ms (0: as fast as they are taken); `tool-20` a search, and 20 pieces once it has the tool's result; `research-20` the same
/// with a research run, whose own model calls take 5 seconds each. `GET /search` answers as SearXNG, with pages of this server.
/// </summary>
internal sealed class ScriptedUpstream : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Pacer _pacer = new();
    private readonly byte[] _search;

    public ScriptedUpstream()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(backlog: 4096);
        _search = Answers.SearchOf(EndPoint);
        _ = AcceptAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    public void Dispose()
    {
        _listener.Dispose();
        _pacer.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var connection = socket;
        connection.NoDelay = true;
        var request = new UpstreamRequest();
        try
        {
            while (await request.ReadAsync(connection))
                await AnswerAsync(connection, request);
        }
        catch (SocketException)
        {
            // The relay has left.
        }
        catch (InvalidDataException e)
        {
            Console.Error.WriteLine($"The upstream was asked for something that it has no script for: {e.Message}");
        }
    }

    private async Task AnswerAsync(Socket connection, UpstreamRequest request)
    {
        var script = request.Script();
        if (script.IsSearch)
            await connection.SendAsync(_search);
        else if (script.Whole is { } whole)
            await connection.SendAsync(whole);
        else if (script.Interval == 0)
            await connection.SendAsync(Answers.Text(script.Pieces));
        else
            await _pacer.SendAsync(connection, script.Pieces, script.Interval);
    }
}
