namespace FuncChat.Engine.Store;

/// <summary>Remembers for all processes that share a store when work was last done that one of them is enough for.</summary>
public interface IDoneWork
{
    /// <summary>How long ago a process has done the work, by the clock of the store; null if none has.</summary>
    Task<TimeSpan?> FindAgeAsync(string work, CancellationToken cancellationToken);

    /// <summary>Records that the work was done just now.</summary>
    Task RecordAsync(string work, CancellationToken cancellationToken);
}
