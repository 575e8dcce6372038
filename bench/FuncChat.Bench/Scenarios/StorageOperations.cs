using FuncChat.Bench.Servers;

namespace FuncChat.Bench.Scenarios;

/// <summary>What is billed by the operation: the requests in the access log of Azurite.</summary>
internal sealed class StorageOperations(string accessLog)
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(1);

    // Usage counts follow the turn, and Durable polls its queues faster for a while.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);

    /// <param name="server">One that keeps its state in Azurite.</param>
    public async Task<Figures> MeasureAsync(RunningServer server, CancellationToken cancellationToken)
    {
        await Task.Delay(Settling, TimeProvider.System, cancellationToken);
        var before = Count();
        await Task.Delay(IdleTime, TimeProvider.System, cancellationToken);
        var idle = (Count() - before) / IdleTime.TotalSeconds;
        return new Figures
        {
            [Figures.IdleOperations] = idle * 60,
            [Figures.TextOperations] = await OfTurnAsync(server, new Load(1, 1, 500, Interval: 20), "text-500-20", [], idle, cancellationToken),
            [Figures.ResearchOperations] = await OfTurnAsync(server, new Load(1, 1, 20), "research-20", ["research"], idle, cancellationToken),
        };
    }

    /// <summary>Runs one of each, since containers, tables and queues are created once.</summary>
    public static async Task WarmUpAsync(RunningServer server, CancellationToken cancellationToken)
    {
        await LoadRun.MeasureAsync(server, new Load(1, 1, 50), cancellationToken);
        await LoadRun.MeasureAsync(server, new Load(1, 1, 20), cancellationToken, Target.ChatOf("research-20", tools: ["research"]));
    }

    private async Task<double> OfTurnAsync(
        RunningServer server, Load load, string model, IReadOnlyList<string> tools, double idlePerSecond, CancellationToken cancellationToken)
    {
        var (before, started) = (Count(), TimeProvider.System.GetTimestamp());
        await LoadRun.MeasureAsync(server, load, cancellationToken, Target.ChatOf(model, tools: tools));
        await Task.Delay(Settling, TimeProvider.System, cancellationToken);
        return Count() - before - (idlePerSecond * TimeProvider.System.GetElapsedTime(started).TotalSeconds);
    }

    private int Count()
    {
        using var log = new StreamReader(new FileStream(accessLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var count = 0;
        while (log.ReadLine() is { } line)
            count += line.Contains(" HTTP/1.1\" ", StringComparison.Ordinal) ? 1 : 0;
        return count;
    }
}
