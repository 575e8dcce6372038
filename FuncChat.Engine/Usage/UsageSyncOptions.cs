namespace FuncChat.Engine.Usage;

/// <summary>How often a process writes its counts to the store, and how old the counts of the others may be.</summary>
/// <param name="WriteInterval">The interval for counts by which requests are admitted.</param>
/// <param name="ReportInterval">How long a count may wait that is only reported.</param>
public sealed record UsageSyncOptions(TimeSpan WriteInterval, TimeSpan ReadInterval, TimeSpan ReportInterval);
