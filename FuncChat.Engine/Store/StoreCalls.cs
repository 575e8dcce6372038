using System.Runtime.CompilerServices;

namespace FuncChat.Engine.Store;

/// <summary>Calls a store: every failure, whatever the adapter throws, is a <see cref="TurnStoreException"/>, and no call takes longer than the limit.</summary>
/// <param name="contents">What the store keeps, for messages.</param>
internal sealed class StoreCalls(string contents, TimeSpan limit, TimeProvider time)
{
    public Task RunAsync(Func<CancellationToken, Task> call, CancellationToken cancellationToken) => RunAsync<object?>(
        async token =>
        {
            await call(token);
            return null;
        },
        cancellationToken);

    /// <param name="disposeLate">Disposes a result that comes after the limit.</param>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken, Func<T, ValueTask>? disposeLate = null)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<T>? running = null;
        try
        {
            running = call(ending.Token);
            return await running.WaitAsync(limit, time, cancellationToken);
        }
        catch (Exception e)
        {
            if (running is not null && disposeLate is not null)
                _ = DisposeLateAsync(running, disposeLate);
            await ending.CancelAsync();
            if (IsOwnOrCancelled(e, cancellationToken))
                throw;
            throw Failure(e);
        }
    }

    /// <summary>Calls without a limit: some calls take as long as the store has contents.</summary>
    public async Task RunUnlimitedAsync(Func<CancellationToken, Task> call, CancellationToken cancellationToken)
    {
        try
        {
            await call(cancellationToken);
        }
        catch (Exception e) when (!IsOwnOrCancelled(e, cancellationToken))
        {
            throw Failure(e);
        }
    }

    /// <summary>Lists without a limit.</summary>
    public async IAsyncEnumerable<T> ListAsync<T>(IAsyncEnumerable<T> list, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var items = list.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await items.MoveNextAsync())
                    yield break;
            }
            catch (Exception e) when (!IsOwnOrCancelled(e, cancellationToken))
            {
                throw Failure(e);
            }

            yield return items.Current;
        }
    }

    /// <summary>The failure of a call that is made without this.</summary>
    public TurnStoreException Failure(Exception failure) =>
        new(TurnStoreFailure.Unavailable, $"The store of the {contents} failed: {failure.Message}", failure);

    private static bool IsOwnOrCancelled(Exception failure, CancellationToken cancellationToken) =>
        failure is TurnStoreException || (failure is OperationCanceledException && cancellationToken.IsCancellationRequested);

    private static async Task DisposeLateAsync<T>(Task<T> call, Func<T, ValueTask> dispose)
    {
        await ((Task)call).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (call.IsCompletedSuccessfully)
            await dispose(call.Result);
    }
}
