using FuncChat.Bench.Client;
using FuncChat.Bench.Servers;
using FuncChat.Bench.Wire;

namespace FuncChat.Bench.Scenarios;

/// <summary>One run of a load against a server: all of its figures, by name.</summary>
internal static class LoadRun
{
    private const int ConnectsAtATime = 64;

    private static readonly TimeSpan MemoryInterval = TimeSpan.FromMilliseconds(250);

    /// <param name="request">Every client's request; null for the one that starts a turn of this load.</param>
    /// <exception cref="BenchException">A stream was not whole, or the server refused.</exception>
    public static async Task<Figures> MeasureAsync(RunningServer server, Load load, CancellationToken cancellationToken, byte[]? request = null)
    {
        var target = server.Target;
        var clients = Enumerable.Range(0, load.Streams).Select(_ => new StreamClient(target.NewCheck())).ToList();
        try
        {
            var memory = server.Memory;
            await Parallel.ForEachAsync(
                clients, new ParallelOptions { MaxDegreeOfParallelism = ConnectsAtATime, CancellationToken = cancellationToken },
                async (client, token) => await client.ConnectAsync(server.EndPoint, token));

            var cpu = server.CpuSeconds;
            var started = Clock.Microseconds;
            var run = Task.WhenAll(clients.Select(client => RunAsync(client, target, request, load, cancellationToken)));
            var peak = PeakMemoryAsync(server, run, cancellationToken);
            await run;
            var seconds = (Clock.Microseconds - started) / 1e6;
            return FiguresOf(clients, load, seconds, server.CpuSeconds - cpu, await peak - memory);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static async Task RunAsync(StreamClient client, Target target, byte[]? request, Load load, CancellationToken cancellationToken)
    {
        var next = request;
        for (var turn = 0; turn < load.Turns; turn++)
        {
            // Some protocols want an id for each request.
            if (request is null && (next is null || target.HasIds))
                next = target.Request(load.Model, load.WithTool);
            await client.RunAsync(next!, load.Pieces, cancellationToken);
        }
    }

    private static async Task<double> PeakMemoryAsync(RunningServer server, Task run, CancellationToken cancellationToken)
    {
        var peak = server.Memory;
        using var interval = new PeriodicTimer(MemoryInterval);
        while (!run.IsCompleted && await interval.WaitForNextTickAsync(cancellationToken))
            peak = Math.Max(peak, server.Memory);
        return peak;
    }

    private static Figures FiguresOf(List<StreamClient> clients, Load load, double seconds, double cpuSeconds, double memory)
    {
        var pieces = Math.Max(1.0, (double)load.Streams * load.Turns * load.Pieces);
        var latencies = Percentiles.Of(clients.SelectMany(client => client.Check.Latencies));
        var firstTexts = Percentiles.Of(clients.SelectMany(client => client.FirstTexts));
        var turns = Percentiles.Of(clients.SelectMany(client => client.Turns));
        return new Figures
        {
            [Figures.CpuPerMillion] = cpuSeconds / pieces * 1e6,
            [Figures.CpuSeconds] = cpuSeconds,
            [Figures.CpuPerTurn] = cpuSeconds * 1000 / (load.Streams * load.Turns),
            [Figures.Streams] = load.Streams,
            [Figures.ThousandsPerSecond] = pieces / seconds / 1000,
            [Figures.KilobytesPerStream] = memory / 1024 / load.Streams,
            [Figures.Megabytes] = memory / 1024 / 1024,
            [Figures.Added50] = latencies.At(50),
            [Figures.Added99] = latencies.At(99),
            [Figures.FirstText50] = firstTexts.At(50),
            [Figures.FirstText99] = firstTexts.At(99),
            [Figures.Turn50] = turns.At(50),
            [Figures.Turn99] = turns.At(99),
        };
    }
}
