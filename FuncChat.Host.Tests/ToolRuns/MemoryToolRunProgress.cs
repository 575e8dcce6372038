using System.Collections.Concurrent;
using System.Globalization;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;

namespace FuncChat.Host.Tests.ToolRuns;

/// <summary>The progress of runs in memory.</summary>
internal sealed class MemoryToolRunProgress : IToolRunProgress
{
    private readonly ConcurrentDictionary<string, StoredProgress> _stored = new(StringComparer.Ordinal);
    private int _version;

    public Task<StoredProgress?> ReadAsync(string runId, CancellationToken cancellationToken) => Task.FromResult(_stored.GetValueOrDefault(runId));

    public Task<string?> TryWriteAsync(string runId, ToolRunSnapshot snapshot, string? version, CancellationToken cancellationToken)
    {
        var next = new StoredProgress(snapshot, Interlocked.Increment(ref _version).ToString(CultureInfo.InvariantCulture));
        var written = version is null
            ? _stored.TryAdd(runId, next)
            : _stored.TryGetValue(runId, out var current) && current.Version == version && _stored.TryUpdate(runId, next, current);
        return Task.FromResult(written ? next.Version : null);
    }
}
