using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using FuncChat.Engine.Store;
using FuncChat.Engine.Usage;

namespace FuncChat.Azure.Usage;

/// <summary>Keeps usage counts in a table: a partition for each account, and in it a row for each day and writer.</summary>
/// <remarks>
/// A row has one writer, which writes the whole count each time. So no write conflicts with another, none needs an ETag, and a write that is repeated because
/// its response was lost counts nothing twice.
/// </remarks>
internal sealed class TableUsageStore(TableClient table) : IUsageStore
{
    public Task WriteAsync(UsageRecord record, CancellationToken cancellationToken) =>
        table.EnsuredAsync(() => table.UpsertEntityAsync(UsageRow.Write(UserHash.Of(record.Account), record), TableUpdateMode.Replace, cancellationToken), cancellationToken);

    public async Task<bool> TryCreateAsync(UsageRecord record, CancellationToken cancellationToken)
    {
        try
        {
            await table.EnsuredAsync(() => table.AddEntityAsync(UsageRow.Write(UserHash.Of(record.Account), record), cancellationToken), cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.EntityAlreadyExists)
        {
            return false;
        }
    }

    public async Task<IReadOnlyList<UsageRecord>> ReadAsync(string account, DateTimeOffset after, CancellationToken cancellationToken)
    {
        var filter = $"PartitionKey eq '{UserHash.Of(account)}' and {UsageRow.EndsAfter(after)}";
        return await ReadAsync(filter, account, cancellationToken).ToListAsync(cancellationToken);
    }

    public IAsyncEnumerable<UsageRecord> ReadAllAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        ReadAsync(from == DateTimeOffset.MinValue ? UsageRow.EndsBy(to) : $"{UsageRow.EndsAfter(from)} and {UsageRow.EndsBy(to)}", null, cancellationToken);

    public async Task RemoveAsync(UsageRecord record, CancellationToken cancellationToken)
    {
        if (record.Version is not TableEntity row)
            throw new ArgumentException("The record was not read from this table.", nameof(record));
        try
        {
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            // Another instance has removed it, or its own instance has rewritten it.
        }
    }

    /// <param name="account">Null takes it from the rows.</param>
    private IAsyncEnumerable<UsageRecord> ReadAsync(string filter, string? account, CancellationToken cancellationToken) =>
        table.ListAsync(filter, cancellationToken: cancellationToken).Select(row => UsageRow.Read(row, account));
}
