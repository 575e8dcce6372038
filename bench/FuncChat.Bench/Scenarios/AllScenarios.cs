using FuncChat.Bench.Servers;

namespace FuncChat.Bench.Scenarios;

/// <summary>Every scenario, in the order in which they are run.</summary>
internal sealed class AllScenarios(Targets targets, StartTime startTime, GrowthScenarios growth, StorageOperations storage)
{
    private static readonly Column Cpu = new(Figures.CpuPerMillion, "CPU, s per million events", "0.00", HasRatio: true);
    private static readonly Column Throughput = new(Figures.ThousandsPerSecond, "1,000 events/s", "#,0");
    private static readonly Column Added50 = new(Figures.Added50, "p50, ms", "0.00");
    private static readonly Column Added99 = new(Figures.Added99, "p99, ms", "0.0");
    private static readonly Column FirstText50 = new(Figures.FirstText50, "first text p50, ms", "0.00", HasRatio: true);
    private static readonly Column FirstText99 = new(Figures.FirstText99, "p99, ms", "0.0");
    private static readonly Column Turn50 = new(Figures.Turn50, "turn p50, ms", "0.00", HasRatio: true);
    private static readonly Column Turn99 = new(Figures.Turn99, "p99, ms", "0.0");
    private static readonly Column CpuPerTurn = new(Figures.CpuPerTurn, "CPU, ms per turn", "0.00", HasRatio: true);
    private static readonly Column Memory = new(Figures.KilobytesPerStream, "KB per stream", "0", HasRatio: true);
    private static readonly Column CpuSeconds = new(Figures.CpuSeconds, "CPU, s", "0.0");

    private IReadOnlyList<Target> WithDirect => [targets.Direct, .. targets.Peers];

    private IReadOnlyList<Target> ToolRunners => [.. targets.Peers.Where(target => target.RunsTools)];

    public IEnumerable<Scenario> All()
    {
        yield return Of("full-1", "One stream at full speed", targets.Peers, [Cpu, Throughput], new Load(1, 20, 5000));
        yield return Of("full-50", "50 streams at full speed", targets.Peers, [Cpu, Throughput], new Load(50, 4, 5000));
        yield return Of("paced", "200 streams, an event each 10 ms", WithDirect, [Cpu, Added50, Added99], new Load(200, 1, 300, Interval: 10));
        yield return Of("first-text", "First text of a short answer", WithDirect, [FirstText50, FirstText99, CpuPerTurn], new Load(1, 300, 20), warmUps: 10);
        yield return Of("starts-200", "200 turns started at once", targets.Peers, [FirstText50, FirstText99, CpuPerTurn], new Load(200, 1, 20), warmUps: 10) with { Rounds = 5 };
        yield return Of("tool-1", "A turn with a tool, one at a time", ToolRunners, [Turn50, Turn99], new Load(1, 200, 20) { WithTool = true });
        yield return Of("tool-50", "A turn with a tool, 50 at a time", ToolRunners, [Turn50, Turn99], new Load(50, 10, 20) { WithTool = true });
        yield return Of("wires-full", "50 streams at full speed, by wire format", [.. targets.Wires, targets.AiSdk], [Cpu, Throughput], new Load(50, 4, 5000));
        yield return Of("wires-paced", "200 streams, an event each 10 ms, by wire format", [.. targets.Wires, targets.AiSdk], [Cpu, Added50, Added99], new Load(200, 1, 200, Interval: 10));
        yield return Slow("slow-2000", targets.Peers, 2_000);
        yield return Slow("slow-10000", [targets.Nginx, targets.ByteCopy, targets.FuncChat], 10_000);
        yield return Resume();
        yield return Of("log", "The log on disk and in memory, 50 streams at full speed", [targets.FuncChat, targets.FuncChatInMemory], [Cpu, Throughput], new Load(50, 4, 5000));

        foreach (var scenario in growth.All())
            yield return scenario;

        // The Functions host is not compiled ahead of time, so its figures are stable only after some rounds.
        var functions = Of(
            "functions", "50 streams, an event each 10 ms", [targets.FuncChat, targets.FunctionsHost], [Cpu, Added50, Added99],
            new Load(50, 1, 300, Interval: 10));
        yield return functions with { Rounds = 9 };
        yield return new Scenario(
            "storage", "Storage operations", [targets.FunctionsHost],
            [
                new Column(Figures.IdleOperations, "idle minute", "0"), new Column(Figures.TextOperations, "turn with 10 s of text", "0"),
                new Column(Figures.ResearchOperations, "turn with research of 15 s", "0"),
            ])
        {
            Rounds = 1,
            WarmUp = StorageOperations.WarmUpAsync,
            Measure = storage.MeasureAsync,
            Note = "The operations of a turn are those beyond an idle host's in the same time.",
        };
        yield return new Scenario(
            "start", "A start", [targets.FuncChat, targets.FuncChatCompiledLate],
            [new Column(Figures.Start, "to the first byte of /api/health, p50, ms", "0"), new Column(Figures.ColdText, "to the first text of the first turn, p50, ms", "0")])
        {
            Rounds = 5,
            WarmUp = static (_, _) => Task.CompletedTask,
            Measure = startTime.MeasureTurnAsync,
        };
    }

    // Short turns need more of them until all code is compiled for good.
    private static Scenario Of(string name, string title, IReadOnlyList<Target> servers, IReadOnlyList<Column> columns, Load load, int warmUps = 1)
    {
        return new Scenario(name, title, servers, columns)
        {
            WarmUp = async (server, token) =>
            {
                for (var run = 0; run < Math.Max(1, warmUps * server.Target.Share); run++)
                    await LoadRun.MeasureAsync(server, LoadOf(server), token);
            },
            Measure = (server, token) => LoadRun.MeasureAsync(server, LoadOf(server), token),
        };

        // Only what goes at full speed takes a slow server long.
        Load LoadOf(RunningServer server) => load.Pieces >= 5000 ? load.Scaled(server.Target.Share) : load;
    }

    private static Scenario Slow(string name, IReadOnlyList<Target> servers, int streams)
    {
        var possible = Math.Min(streams, OpenFiles.PossibleStreams);
        return new Scenario(name, "Slow streams, an event each 2 s", servers, [new Column(Figures.Streams, "streams", "#,0"), Memory, CpuSeconds, Added50, Added99])
        {
            Rounds = 1,
            Interleaved = false,
            WarmUp = static (server, token) => LoadRun.MeasureAsync(server, new Load(50, 1, 200), token),
            Measure = (server, token) => LoadRun.MeasureAsync(server, new Load(possible, 1, 6, Interval: 2000), token),
            Note = possible < streams ? $"{possible:#,0} streams instead of {streams:#,0}: more open files are not allowed on this machine (`ulimit -n`)." : null,
        };
    }

    // A turn that has ended is followed from its first event, over and over. Its pieces are paced, since those that come together are one event.
    private Scenario Resume()
    {
        var load = new Load(1, 200, 5000);
        return new Scenario(
            "resume", "Following a finished turn of 5,000 events again", [targets.FuncChat], [Throughput, Turn50, Turn99, Cpu])
        {
            WarmUp = async (server, token) =>
            {
                await LoadRun.MeasureAsync(server, load with { Turns = 1 }, token, Target.ChatOf("text-5000-2", "bench-resume"));
                await LoadRun.MeasureAsync(server, load, token, Target.RequestOf("GET /api/turns/bench-resume"));
            },
            Measure = (server, token) => LoadRun.MeasureAsync(server, load, token, Target.RequestOf("GET /api/turns/bench-resume")),
        };
    }
}
