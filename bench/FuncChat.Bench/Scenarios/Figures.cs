namespace FuncChat.Bench.Scenarios;

/// <summary>What a run has measured, by name; names contain the unit.</summary>
internal sealed class Figures : Dictionary<string, double>
{
    public const string CpuPerMillion = "cpu_s_per_million_events";
    public const string CpuSeconds = "cpu_s";
    public const string ThousandsPerSecond = "thousand_events_per_s";
    public const string KilobytesPerStream = "kb_per_stream";
    public const string Added50 = "added_p50_ms";
    public const string Added99 = "added_p99_ms";
    public const string FirstText50 = "first_text_p50_ms";
    public const string FirstText99 = "first_text_p99_ms";
    public const string Turn50 = "turn_p50_ms";
    public const string Turn99 = "turn_p99_ms";
    public const string CpuPerTurn = "cpu_ms_per_turn";
    public const string Megabytes = "mb";
    public const string Follow = "follow_ms";
    public const string FollowEnd = "follow_end_ms";
    public const string Streams = "streams";
    public const string OpenFiles = "open_files";
    public const string IdleCpu = "idle_cpu_ms_per_minute";
    public const string Start = "start_ms";
    public const string ColdText = "cold_text_ms";
    public const string IdleOperations = "storage_operations_per_idle_minute";
    public const string TextOperations = "storage_operations_per_text_turn";
    public const string ResearchOperations = "storage_operations_per_research_turn";

    public Figures()
        : base(StringComparer.Ordinal)
    {
    }

    /// <summary>The median of each figure.</summary>
    public static Figures MedianOf(IReadOnlyList<Figures> rounds)
    {
        var median = new Figures();
        foreach (var name in rounds[0].Keys)
            median[name] = rounds.Select(round => round[name]).Order().ElementAt(rounds.Count / 2);
        return median;
    }
}
