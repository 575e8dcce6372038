using System.Collections.Concurrent;
using FuncChat.Engine.Usage;

namespace FuncChat.Tests.Support;

/// <summary>Usage records in memory.</summary>
internal sealed class MemoryUsageStore : IUsageStore
{
    private readonly ConcurrentDictionary<(string Account, DateTimeOffset Day, string Writer), UsageRecord> _records = new();

    public Task WriteAsync(UsageRecord record, CancellationToken cancellationToken)
    {
        _records[KeyOf(record)] = record;
        return Task.CompletedTask;
    }

    public Task<bool> TryCreateAsync(UsageRecord record, CancellationToken cancellationToken) => Task.FromResult(_records.TryAdd(KeyOf(record), record));

    public Task<IReadOnlyList<UsageRecord>> ReadAsync(string account, DateTimeOffset after, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<UsageRecord>>([.. _records.Values.Where(record => record.Account == account && record.End > after)]);

    public IAsyncEnumerable<UsageRecord> ReadAllAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        _records.Values.Where(record => record.Day >= from && record.Day < to).ToAsyncEnumerable();

    public Task RemoveAsync(UsageRecord record, CancellationToken cancellationToken)
    {
        _records.TryRemove(KeyOf(record), out _);
        return Task.CompletedTask;
    }

    private static (string Account, DateTimeOffset Day, string Writer) KeyOf(UsageRecord record) => (record.Account, record.Day, record.Writer);
}
