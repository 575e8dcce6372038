using FuncChat.Bench.Servers;

namespace FuncChat.Bench.Scenarios;

/// <summary>A column of a scenario's table.</summary>
/// <param name="Format">As for numbers in .NET.</param>
/// <param name="HasRatio">Whether it also says how many times FuncChat's figure it is.</param>
internal sealed record Column(string Figure, string Title, string Format, bool HasRatio = false);

/// <summary>Something to measure, of several servers in turn.</summary>
internal sealed record Scenario(string Name, string Title, IReadOnlyList<Target> Targets, IReadOnlyList<Column> Columns)
{
    public int Rounds { get; init; } = 3;

    /// <summary>Whether all servers are up at a time and take turns; where memory is measured, each has a fresh process.</summary>
    public bool Interleaved { get; init; } = true;

    /// <summary>Run once before anything counts: what is compiled, pooled and connected only once is.</summary>
    public required Func<RunningServer, CancellationToken, Task> WarmUp { get; init; }

    /// <summary>One round.</summary>
    public required Func<RunningServer, CancellationToken, Task<Figures>> Measure { get; init; }

    /// <summary>What a reader has to know of it.</summary>
    public string? Note { get; init; }
}
