using System.Net;
using System.Net.Sockets;
using FuncChat.Bench.Client;
using FuncChat.Bench.Servers;
using FuncChat.Bench.Wire;

namespace FuncChat.Bench.Scenarios;

/// <summary>How long a server takes from the start of its process to the first byte of its health.</summary>
internal sealed class StartTime(IPEndPoint upstream, string folder)
{
    private static readonly byte[] Request = "GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"u8.ToArray();

    /// <param name="running">One of its kind that runs already; another is started.</param>
    public async Task<Figures> MeasureAsync(RunningServer running, CancellationToken cancellationToken)
    {
        var started = Clock.Microseconds;
        await using var server = await RunningServer.StartAsync(running.Target, upstream, folder, cancellationToken);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.EndPoint, cancellationToken);
        await socket.SendAsync(Request, cancellationToken);
        var answer = new byte[15];
        if (await socket.ReceiveAsync(answer, cancellationToken) == 0 || !answer.AsSpan().StartsWith("HTTP/1.1 200"u8))
            throw new BenchException($"{server.Target.Name} is not healthy.");
        return new Figures { [Figures.Start] = (Clock.Microseconds - started) / 1000.0 };
    }

    /// <summary>How long a server takes from the start of its process to the first text of its first turn.</summary>
    /// <param name="running">One of its kind that runs already; another is started.</param>
    public async Task<Figures> MeasureTurnAsync(RunningServer running, CancellationToken cancellationToken)
    {
        var figures = await MeasureAsync(running, cancellationToken);
        var started = Clock.Microseconds;
        await using var server = await RunningServer.StartAsync(running.Target, upstream, folder, cancellationToken);
        using var client = new StreamClient(server.Target.NewCheck());
        await client.ConnectAsync(server.EndPoint, cancellationToken);
        await client.RunAsync(server.Target.Request("text-1-0", withTools: false), 1, cancellationToken);
        figures[Figures.ColdText] = (client.Check.FirstAt - started) / 1000.0;
        return figures;
    }
}
