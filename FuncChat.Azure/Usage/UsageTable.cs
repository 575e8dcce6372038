using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using FuncChat.Engine.Store;
using FuncChat.Engine.Usage;

namespace FuncChat.Azure.Usage;

/// <summary>The table of what instances have counted.</summary>
/// <remarks>
/// An instance writes only rows of its own, each time with the whole count. So no write is in the way of another, there is nothing to retry for
/// the sake of an ETag, and a write that is made twice because its answer was lost counts nothing twice.
/// </remarks>
internal sealed class UsageTable(TableClient table)
{
    private readonly string _instance = Guid.NewGuid().ToString("N");

    public Task WriteAsync(string user, IReadOnlyDictionary<UsageWindow, long> counts, CancellationToken cancellationToken)
    {
        var row = UsageRow.Write(PartitionOf(user), _instance, counts);
        return EnsuredAsync(() => table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken), cancellationToken);
    }

    /// <summary>What the other instances have counted of a user, those that have ended included; in one request.</summary>
    public async Task<Dictionary<UsageWindow, long>> ReadOthersAsync(string user, CancellationToken cancellationToken)
    {
        var partition = PartitionOf(user);
        var counts = new Dictionary<UsageWindow, long>();
        var rows = table.QueryAsync<TableEntity>(row => row.PartitionKey == partition && row.RowKey != _instance, cancellationToken: cancellationToken);
        try
        {
            await foreach (var row in rows)
            {
                foreach (var (window, count) in UsageRow.Read(user, row))
                    counts[window] = UsageCount.Sum(counts.GetValueOrDefault(window), count);
            }
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.TableNotFound)
        {
            // Nothing is counted yet.
        }

        return counts;
    }

    /// <summary>Removes the rows, of any instance, whose windows had all ended by then.</summary>
    public async Task RemoveEndedAsync(DateTimeOffset by, CancellationToken cancellationToken)
    {
        string[] columns = [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey)];
        try
        {
            await foreach (var row in table.QueryAsync<TableEntity>(UsageRow.EndedBy(by), select: columns, cancellationToken: cancellationToken))
                await RemoveAsync(row, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.TableNotFound)
        {
            // Nothing is counted yet.
        }
    }

    private async Task RemoveAsync(TableEntity row, CancellationToken cancellationToken)
    {
        try
        {
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            // Another instance has removed it, or its own instance has rewritten it.
        }
    }

    private async Task EnsuredAsync(Func<Task> request, CancellationToken cancellationToken)
    {
        try
        {
            await request();
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.TableNotFound)
        {
            await table.CreateIfNotExistsAsync(cancellationToken);
            await request();
        }
    }

    private static string PartitionOf(string user) => UserHash.Of(user);
}
