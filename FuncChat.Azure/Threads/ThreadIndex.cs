using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;

namespace FuncChat.Azure.Threads;

/// <summary>The table of all threads: a row for each, in a partition for each user.</summary>
internal sealed class ThreadIndex(TableClient table, TimeProvider time)
{
    private const string SummaryColumn = "Summary";
    private const string VersionColumn = "Version";
    private const string UpdatedColumn = "UpdatedAt";
    private const string DeletedColumn = "IsDeleted";
    private const int MostWritten = 10_000;

    // A table that is being deleted may be gone after a second, or after a minute, for which no request waits.
    private const int MaxAttempts = 8;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // Rows as this instance last wrote them: the next write of one needs no read, and is refused if another instance has written meanwhile.
    private readonly ConcurrentDictionary<string, (ETag ETag, long? Version)> _written = new(StringComparer.Ordinal);

    /// <summary>Adds the row of a thread that is created after it.</summary>
    /// <returns>The ETag of a row that is there already; null if there was none.</returns>
    public async Task<ETag?> AddAsync(ThreadDocument thread, CancellationToken cancellationToken)
    {
        var row = RowOf(thread);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Remember(row, thread.Version, await table.EnsuredAsync(() => table.AddEntityAsync(row, cancellationToken), cancellationToken));
                return null;
            }
            catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.TableBeingDeleted)
            {
                if (attempt >= MaxAttempts)
                    throw;
                await Task.Delay(Pause, time, cancellationToken);
            }
            catch (RequestFailedException e) when (e.Status == 409)
            {
                if (await FindAsync(row, cancellationToken) is var (etag, _))
                    return etag;
            }
        }
    }

    /// <summary>Replaces the row that a deleted thread left by that of the thread that was created with its id.</summary>
    /// <param name="left">The ETag of the row. One that has changed since is of the new thread.</param>
    public async Task ReplaceAsync(ThreadDocument thread, ETag left, CancellationToken cancellationToken)
    {
        var row = RowOf(thread);
        try
        {
            Remember(row, thread.Version, await table.UpdateEntityAsync(row, left, TableUpdateMode.Replace, cancellationToken));
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            await WriteAsync(thread, cancellationToken);
        }
    }

    /// <summary>Stores the row of a thread that has changed, unless the row of a later version is there.</summary>
    public async Task WriteAsync(ThreadDocument thread, CancellationToken cancellationToken)
    {
        var row = RowOf(thread);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // A known row of a later version is not relied on: another instance may have deleted the thread, and created it again.
                var known = _written.TryRemove(NameOf(row), out var written) && written.Version <= thread.Version ? written : await FindAsync(row, cancellationToken);
                if (known is not var (etag, version))
                    Remember(row, thread.Version, await table.EnsuredAsync(() => table.AddEntityAsync(row, cancellationToken), cancellationToken));
                else if (version is null || version <= thread.Version)
                    Remember(row, thread.Version, await table.UpdateEntityAsync(row, etag, TableUpdateMode.Replace, cancellationToken));
                return;
            }
            catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.TableBeingDeleted)
            {
                if (attempt >= MaxAttempts)
                    throw;
                await Task.Delay(Pause, time, cancellationToken);
            }
            catch (RequestFailedException e) when (e.Status is 409 or 412 || (e.Status == 404 && e.ErrorCode != TableErrorCode.TableNotFound))
            {
                // Another instance has changed or removed the row meanwhile.
            }
        }
    }

    public async Task<IReadOnlyList<ThreadSummary>> ListAsync(string user, CancellationToken cancellationToken)
    {
        var threads = new List<ThreadSummary>();
        await foreach (var row in table.ListAsync(TableClient.CreateQueryFilter($"PartitionKey eq {UserHash.Of(user)}"), [SummaryColumn], cancellationToken))
        {
            if (ThreadSummary.Parse(row.GetString(SummaryColumn)) is { } summary)
                threads.Add(summary);
        }

        return threads;
    }

    /// <summary>The rows of threads that have not changed since then, or of which something must still be removed.</summary>
    public IAsyncEnumerable<TableEntity> ListExpiredAsync(DateTimeOffset unchangedSince, CancellationToken cancellationToken) => table.ListAsync(
        $"{UpdatedColumn} lt {TableClient.CreateQueryFilter($"{unchangedSince}")} or {DeletedColumn} eq true",
        [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey)], cancellationToken);

    /// <summary>Finds the ETag of a thread's row; null if there is none.</summary>
    public async Task<ETag?> FindAsync(ThreadKey key, CancellationToken cancellationToken) =>
        (await FindAsync(new TableEntity(UserHash.Of(key.User), key.ThreadId), cancellationToken))?.ETag;

    /// <summary>Removes a row, unless it has changed: a thread that was created since may have its id.</summary>
    public async Task RemoveAsync(string partition, string threadId, ETag ifMatch, CancellationToken cancellationToken)
    {
        _written.TryRemove(NameOf(new TableEntity(partition, threadId)), out _);
        try
        {
            await table.DeleteEntityAsync(partition, threadId, ifMatch, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            // It is removed or replaced.
        }
    }

    private static TableEntity RowOf(ThreadDocument thread) => new(UserHash.Of(thread.User), thread.Id)
    {
        [SummaryColumn] = thread.Summary.ToJson(),
        [VersionColumn] = thread.Version,
        [UpdatedColumn] = thread.UpdatedAt,
        [DeletedColumn] = thread.HasRemains,
    };

    private static string NameOf(TableEntity row) => $"{row.PartitionKey}/{row.RowKey}";

    private void Remember(TableEntity row, long version, Response response)
    {
        if (_written.Count >= MostWritten)
            _written.Clear();
        if (response.Headers.ETag is { } etag)
            _written[NameOf(row)] = (etag, version);
    }

    private async Task<(ETag ETag, long? Version)?> FindAsync(TableEntity row, CancellationToken cancellationToken)
    {
        try
        {
            var found = await table.GetEntityIfExistsAsync<TableEntity>(row.PartitionKey, row.RowKey, [VersionColumn], cancellationToken);
            return found is { HasValue: true, Value: { } value } ? (value.ETag, value.GetInt64(VersionColumn)) : null;
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.TableNotFound)
        {
            return null;
        }
    }
}
