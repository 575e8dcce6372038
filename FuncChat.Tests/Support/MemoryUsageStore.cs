using System.Collections.Concurrent;
using FuncChat.Engine.Usage;

namespace FuncChat.Tests.Support;

/// <summary>Usage records in memory.</summary>
internal sealed class MemoryUsageStore : IUsageStore
{
    private readonly ConcurrentDictionary<(string Account, DateTimeOffset Day, string Writer), UsageRecord> _records = new();

    /// <summary>The accounts that were written, in order.</summary>
    public ConcurrentQueue<string> Written { get; } = new();

    /// <summary>The accounts that were read, in order.</summary>
    public ConcurrentQueue<string> Read { get; } = new();

    public Task WriteAsync(UsageRecord record, CancellationToken cancellationToken)
    {
        Written.Enqueue(record.Account);
        _records[KeyOf(record)] = record;
        return Task.CompletedTask;
    }

    public Task<bool> TryCreateAsync(UsageRecord record, CancellationToken cancellationToken) => Task.FromResult(_records.TryAdd(KeyOf(record), record));

    public Task<IReadOnlyList<UsageRecord>> ReadAsync(string account, DateTimeOffset after, CancellationToken cancellationToken)
    {
        Read.Enqueue(account);
        return Task.FromResult<IReadOnlyList<UsageRecord>>([.. _records.Values.Where(record => record.Account == account && record.End > after)]);
    }

    public IAsyncEnumerable<UsageRecord> ReadAllAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        _records.Values.Where(record => record.Day >= from && record.Day < to).ToAsyncEnumerable();

    public Task RemoveAsync(UsageRecord record, CancellationToken cancellationToken)
    {
        _records.TryRemove(KeyOf(record), out _);
        return Task.CompletedTask;
    }

    private static (string Account, DateTimeOffset Day, string Writer) KeyOf(UsageRecord record) => (record.Account, record.Day, record.Writer);
}
