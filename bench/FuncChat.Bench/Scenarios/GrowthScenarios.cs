using System.Net;
using FuncChat.Bench.Client;
using FuncChat.Bench.Servers;

namespace FuncChat.Bench.Scenarios;

/// <summary>How cost grows: with the length of a turn and of a conversation, with what is stored, with followers, and with turns that wait.</summary>
internal sealed class GrowthScenarios(Targets targets, StartTime startTime, IPEndPoint upstream, string folder)
{
    private const int StoredTurns = 10_000;
    private const int ParkedTurns = 1_000;
    private const int Followers = 100;
    private const int Leavers = 2_000;
    private const int Messages = 1_000;
    private const int MessageLength = 3_900;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(4);

    public IEnumerable<Scenario> All()
    {
        yield return LongTurn();
        yield return Conversation();
        yield return FullStore();
        yield return ManyFollowers();
        yield return Departed();
        yield return Parked();
    }

    // The same text in one turn, ten times as long. A tenth of a millisecond between two pieces: those that come together are one event.
    private Scenario LongTurn()
    {
        var load = new Load(1, 1, 50_000, Interval: 0.1);
        return new Scenario(
            "turn-50000", "One turn, written and followed again",
            [targets.FuncChat with { Name = TargetNames.ShortTurn, Share = 0.1 }, targets.FuncChat with { Name = TargetNames.LongTurn }],
            [
                new Column(Figures.CpuPerMillion, "writing: CPU, s per million events", "0.00"), new Column(Figures.Megabytes, "memory, MB", "0.0"),
                new Column(Figures.Follow, "following all, ms", "0.0"), new Column(Figures.FollowEnd, "following its end, ms", "0.00"),
            ])
        {
            Interleaved = false,
            WarmUp = static (server, token) => LoadRun.MeasureAsync(server, new Load(50, 4, 1000), token),
            Measure = async (server, token) =>
            {
                var (turnId, own) = ($"bench-{Guid.NewGuid():N}", load.Scaled(server.Target.Share));
                var figures = await LoadRun.MeasureAsync(server, own, token, Target.ChatOf(own.Model, turnId));
                using var client = new StreamClient(server.Target.NewCheck());
                await client.ConnectAsync(server.EndPoint, token);
                await client.RunAsync(Target.RequestOf($"GET /api/turns/{turnId}"), own.Pieces, token);
                figures[Figures.Follow] = client.Turns[^1] / 1000.0;
                var last = client.Check.LastId - 1;
                await client.RunAsync(Target.RequestOf($"GET /api/turns/{turnId}?after={last}"), 0, token, last);
                figures[Figures.FollowEnd] = client.Turns[^1] / 1000.0;
                return figures;
            },
        };
    }

    private Scenario Conversation()
    {
        var text = new string('x', MessageLength);
        var messages = string.Join(',', Enumerable.Range(0, Messages).Select(number => $$"""{"role":"{{RoleOf(number)}}","content":"{{text}}"}"""));
        var servers = targets.Peers.Select(target => target with
        {
            Body = (model, withTools) => target.Body(model, withTools).Replace("""{"role":"user","content":"Tell me a story."}""", messages, StringComparison.Ordinal),
        }).ToList();
        var load = new Load(1, 10, 20);
        return new Scenario(
            "conversation", $"A request with {Messages:#,0} messages, 4 MB", servers,
            [
                new Column(Figures.FirstText50, "first text p50, ms", "0.0", HasRatio: true), new Column(Figures.CpuPerTurn, "CPU, ms per turn", "0.0", HasRatio: true),
                new Column(Figures.Megabytes, "memory, MB", "0"),
            ])
        {
            Interleaved = false,
            WarmUp = (server, token) => LoadRun.MeasureAsync(server, load with { Turns = 30 }, token),
            Measure = (server, token) => LoadRun.MeasureAsync(server, load, token),
        };

        static string RoleOf(int number) => number == 0 ? "system" : number % 2 == 1 ? "user" : "assistant";
    }

    // The turns are written by the first process; what is measured are other processes on the same store.
    private Scenario FullStore()
    {
        return new Scenario(
            "store-10000", "A server that is started and left alone",
            [targets.FuncChat with { Name = TargetNames.EmptyStore }, targets.FuncChatOn("full", TargetNames.FullStore)],
            [
                new Column(Figures.Start, "start, ms", "0"), new Column(Figures.Megabytes, "memory, MB", "0"), new Column(Figures.OpenFiles, "open files", "0"),
                new Column(Figures.IdleCpu, "idle CPU, ms per minute", "0"),
            ])
        {
            WarmUp = static (server, token) => server.Target.Name == TargetNames.EmptyStore
                ? Task.CompletedTask
                : LoadRun.MeasureAsync(server, new Load(50, StoredTurns / 50, 5), token),
            Measure = async (running, token) =>
            {
                var figures = await startTime.MeasureAsync(running, token);
                await using var server = await RunningServer.StartAsync(running.Target, upstream, folder, token);
                await Task.Delay(Settling, TimeProvider.System, token);
                await AddIdleAsync(figures, server, token);
                figures[Figures.Megabytes] = server.Memory / 1024 / 1024;
                figures[Figures.OpenFiles] = server.OpenFiles;
                return figures;
            },
        };
    }

    private Scenario ManyFollowers()
    {
        var load = new Load(Followers, 1, 500, Interval: 10);
        return new Scenario(
            "followers-100", $"One turn with an event each 10 ms, followed by {Followers}", [targets.FuncChat],
            [
                new Column(Figures.CpuPerMillion, "CPU, s per million events received", "0.00"), new Column(Figures.Added50, "p50, ms", "0.00"),
                new Column(Figures.Added99, "p99, ms", "0.0"), new Column(Figures.KilobytesPerStream, "KB per follower", "0"),
            ])
        {
            WarmUp = (server, token) => FollowAsync(server, load with { Pieces = 100 }, token),
            Measure = (server, token) => FollowAsync(server, load, token),
        };
    }

    private static async Task<Figures> FollowAsync(RunningServer server, Load load, CancellationToken cancellationToken)
    {
        var (turnId, starter) = await BeginTurnAsync(server, load.Model, cancellationToken);
        using (starter)
            return await LoadRun.MeasureAsync(server, load, cancellationToken, Target.RequestOf($"GET /api/turns/{turnId}"));
    }

    private Scenario Departed()
    {
        return new Scenario(
            "left-2000", $"A running turn that {Leavers:#,0} clients followed and left", [targets.FuncChat],
            [new Column(Figures.KilobytesPerStream, "KB for each that left", "0.0"), new Column(Figures.OpenFiles, "open files", "0"), new Column(Figures.CpuPerTurn, "CPU, ms each", "0.00")])
        {
            WarmUp = static (server, token) => LeaveAsync(server, token),
            Measure = static (server, token) => LeaveAsync(server, token),
        };
    }

    private static async Task<Figures> LeaveAsync(RunningServer server, CancellationToken cancellationToken)
    {
        var (turnId, starter) = await BeginTurnAsync(server, "text-300-100", cancellationToken);
        using (starter)
        {
            var (memory, cpu, files) = (server.Memory, server.CpuSeconds, server.OpenFiles);
            await Parallel.ForEachAsync(
                Enumerable.Range(0, Leavers), new ParallelOptions { MaxDegreeOfParallelism = 50, CancellationToken = cancellationToken },
                async (_, token) =>
                {
                    using var client = new StreamClient(server.Target.NewCheck());
                    await client.ConnectAsync(server.EndPoint, token);
                    await client.BeginAsync(Target.RequestOf($"GET /api/turns/{turnId}"), token);
                });
            await Task.Delay(Settling, TimeProvider.System, cancellationToken);
            return new Figures
            {
                [Figures.KilobytesPerStream] = (server.Memory - memory) / 1024 / Leavers,
                [Figures.CpuPerTurn] = (server.CpuSeconds - cpu) * 1000 / Leavers,
                [Figures.OpenFiles] = server.OpenFiles - files,
            };
        }
    }

    private Scenario Parked()
    {
        var load = new Load(50, ParkedTurns / 50, 0) { WithTool = true };
        return new Scenario(
            "parked-1000", $"{ParkedTurns:#,0} turns that wait for an approval", [targets.FuncChatWithApprovals],
            [
                new Column(Figures.KilobytesPerStream, "KB each", "0.0"), new Column(Figures.OpenFiles, "open files", "0"), new Column(Figures.IdleCpu, "CPU, ms per minute", "0"),
            ])
        {
            WarmUp = (server, token) => LoadRun.MeasureAsync(server, load, token),
            Measure = async (server, token) =>
            {
                var (memory, files) = (server.Memory, server.OpenFiles);
                await LoadRun.MeasureAsync(server, load, token);
                await Task.Delay(Settling, TimeProvider.System, token);
                var figures = new Figures
                {
                    [Figures.KilobytesPerStream] = Math.Max(0, server.Memory - memory) / 1024 / ParkedTurns,
                    [Figures.OpenFiles] = server.OpenFiles - files,
                };
                await AddIdleAsync(figures, server, token);
                return figures;
            },
        };
    }

    private static async Task<(string TurnId, StreamClient Starter)> BeginTurnAsync(RunningServer server, string model, CancellationToken cancellationToken)
    {
        var turnId = $"bench-{Guid.NewGuid():N}";
        var starter = new StreamClient(server.Target.NewCheck());
        await starter.ConnectAsync(server.EndPoint, cancellationToken);
        await starter.BeginAsync(Target.ChatOf(model, turnId), cancellationToken);
        return (turnId, starter);
    }

    private static async Task AddIdleAsync(Figures figures, RunningServer server, CancellationToken cancellationToken)
    {
        var cpu = server.CpuSeconds;
        await Task.Delay(IdleTime, TimeProvider.System, cancellationToken);
        figures[Figures.IdleCpu] = (server.CpuSeconds - cpu) * 1000 * (60 / IdleTime.TotalSeconds);
    }
}
