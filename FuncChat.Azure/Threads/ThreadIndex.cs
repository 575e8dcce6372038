using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;

namespace FuncChat.Azure.Threads;

/// <summary>The table of all threads: a row for each, in a partition for each user.</summary>
internal sealed class ThreadIndex(TableClient table)
{
    private const string SummaryColumn = "Summary";
    private const string VersionColumn = "Version";
    private const string UpdatedColumn = "UpdatedAt";
    private const string DeletedColumn = "IsDeleted";

    /// <summary>Stores the row of a thread, unless the row of a later version is there.</summary>
    /// <param name="isNew">Whether there is probably no row.</param>
    public async Task WriteAsync(ThreadDocument thread, CancellationToken cancellationToken, bool isNew = false)
    {
        var row = RowOf(thread);
        while (true)
        {
            try
            {
                var first = isNew;
                isNew = false;
                if (first || await FindAsync(row, cancellationToken) is not { } known)
                    await EnsuredAsync(() => table.AddEntityAsync(row, cancellationToken), cancellationToken);
                else if (known.GetInt64(VersionColumn) is not { } version || version < thread.Version)
                    await table.UpdateEntityAsync(row, known.ETag, TableUpdateMode.Replace, cancellationToken);
                return;
            }
            catch (RequestFailedException e) when (e.Status is 409 or 412 || (e.Status == 404 && e.ErrorCode != TableErrorCode.TableNotFound))
            {
                // Another instance has changed or removed the row meanwhile.
            }
        }
    }

    public async Task<IReadOnlyList<ThreadSummary>> ListAsync(string user, CancellationToken cancellationToken)
    {
        var partition = UserHash.Of(user);
        var threads = new List<ThreadSummary>();
        try
        {
            await foreach (var row in table.QueryAsync<TableEntity>(
                row => row.PartitionKey == partition, select: [SummaryColumn], cancellationToken: cancellationToken))
            {
                if (ThreadSummary.Parse(row.GetString(SummaryColumn)) is { } summary)
                    threads.Add(summary);
            }
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.TableNotFound)
        {
            // There was no thread yet.
        }

        return threads;
    }

    /// <summary>The rows of threads that have not changed since then, or are being deleted.</summary>
    public async IAsyncEnumerable<TableEntity> ListExpiredAsync(DateTimeOffset unchangedSince, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = $"{UpdatedColumn} lt {TableClient.CreateQueryFilter($"{unchangedSince}")} or {DeletedColumn} eq true";
        await using var rows = table.QueryAsync<TableEntity>(
            filter, select: [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey)], cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(rows))
            yield return rows.Current;
    }

    public async Task RemoveAsync(string partition, string threadId, CancellationToken cancellationToken)
    {
        try
        {
            await table.DeleteEntityAsync(partition, threadId, ETag.All, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // It is removed.
        }
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<TableEntity> rows)
    {
        try
        {
            return await rows.MoveNextAsync();
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.TableNotFound)
        {
            return false;
        }
    }

    private static TableEntity RowOf(ThreadDocument thread) => new(UserHash.Of(thread.User), thread.Id)
    {
        [SummaryColumn] = thread.Summary.ToJson(),
        [VersionColumn] = thread.Version,
        [UpdatedColumn] = thread.UpdatedAt,
        [DeletedColumn] = thread.IsDeleted,
    };

    private async Task<TableEntity?> FindAsync(TableEntity row, CancellationToken cancellationToken)
    {
        try
        {
            var found = await table.GetEntityIfExistsAsync<TableEntity>(row.PartitionKey, row.RowKey, [VersionColumn], cancellationToken);
            return found.HasValue ? found.Value : null;
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.TableNotFound)
        {
            return null;
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
}
