namespace FuncChat.Engine.Usage;

/// <summary>How often a process writes its counts to the store, and how old the counts of the others may be.</summary>
public sealed record UsageSyncOptions(TimeSpan WriteInterval, TimeSpan ReadInterval);
