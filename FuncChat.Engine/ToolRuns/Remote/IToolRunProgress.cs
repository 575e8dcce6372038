namespace FuncChat.Engine.ToolRuns.Remote;

/// <summary>Stores the latest snapshot of each remote run where all instances see it. Snapshots are kept as long as the entries of <see cref="IToolRunStore"/>.</summary>
public interface IToolRunProgress
{
    /// <summary>The latest snapshot; null if there is none.</summary>
    Task<StoredProgress?> ReadAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Replaces the snapshot.</summary>
    /// <param name="version">The version to replace; null if there is no snapshot yet.</param>
    /// <returns>The new version; null, without a write, if another instance has written meanwhile.</returns>
    Task<string?> TryWriteAsync(string runId, ToolRunSnapshot snapshot, string? version, CancellationToken cancellationToken);
}

/// <summary>A stored snapshot.</summary>
/// <param name="Version">Changes with each write.</param>
public sealed record StoredProgress(ToolRunSnapshot Snapshot, string Version);
