using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace FuncChat.Azure;

internal static class Tables
{
    /// <summary>Makes a request, and creates the table first if it is missing.</summary>
    public static async Task<Response> EnsuredAsync(this TableClient table, Func<Task<Response>> request, CancellationToken cancellationToken)
    {
        try
        {
            return await request();
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.TableNotFound)
        {
            await table.CreateIfNotExistsAsync(cancellationToken);
            return await request();
        }
    }

    /// <summary>The rows that match the filter; none if there is no table.</summary>
    /// <param name="select">The columns to read; null for all.</param>
    public static async IAsyncEnumerable<TableEntity> ListAsync(
        this TableClient table, string filter, IEnumerable<string>? select = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var rows = table.QueryAsync<TableEntity>(filter, select: select, cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(rows))
            yield return rows.Current;
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
}
