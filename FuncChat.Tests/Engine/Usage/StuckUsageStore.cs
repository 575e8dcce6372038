using FuncChat.Engine.Usage;

namespace FuncChat.Tests.Engine.Usage;

/// <summary>A store that does not remove some of its records, as on a disk whose files another account owns.</summary>
/// <param name="creates">Whether it still creates their totals.</param>
internal sealed class StuckUsageStore(IUsageStore store, Func<UsageRecord, bool> isStuck, bool creates) : IUsageStore
{
    public Task WriteAsync(UsageRecord record, CancellationToken cancellationToken) => store.WriteAsync(record, cancellationToken);

    public async Task<bool> TryCreateAsync(UsageRecord record, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return creates || !isStuck(record) ? await store.TryCreateAsync(record, cancellationToken) : throw new UnauthorizedAccessException();
    }

    public Task<IReadOnlyList<UsageRecord>> ReadAsync(string account, DateTimeOffset after, CancellationToken cancellationToken) =>
        store.ReadAsync(account, after, cancellationToken);

    public IAsyncEnumerable<UsageRecord> ReadAllAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        store.ReadAllAsync(from, to, cancellationToken);

    public async Task RemoveAsync(UsageRecord record, CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (isStuck(record))
            throw new UnauthorizedAccessException();
        await store.RemoveAsync(record, cancellationToken);
    }
}
