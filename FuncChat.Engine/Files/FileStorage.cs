using FuncChat.Engine.Store;

namespace FuncChat.Engine.Files;

/// <summary>
/// The store of files as the engine uses it: every failure, whatever the adapter throws, is a <see cref="TurnStoreException"/>, and no call takes longer
/// than half a minute.
/// </summary>
public sealed class FileStorage(IFileStore store, TimeProvider time)
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);

    /// <inheritdoc cref="IFileStore.WriteAsync"/>
    public Task WriteAsync(StoredFile file, ReadOnlyMemory<byte> content, string? text, CancellationToken cancellationToken) =>
        CallAsync(token => store.WriteAsync(file, content, text, token), cancellationToken);

    /// <inheritdoc cref="IFileStore.UpdateAsync"/>
    public Task UpdateAsync(StoredFile file, CancellationToken cancellationToken) => CallAsync(token => store.UpdateAsync(file, token), cancellationToken);

    /// <inheritdoc cref="IFileStore.ReadAsync"/>
    public Task<StoredFile?> ReadAsync(FileKey key, CancellationToken cancellationToken) => CallAsync(token => store.ReadAsync(key, token), cancellationToken);

    /// <inheritdoc cref="IFileStore.ReadContentAsync"/>
    public Task<byte[]?> ReadContentAsync(FileKey key, CancellationToken cancellationToken) =>
        CallAsync(token => store.ReadContentAsync(key, token), cancellationToken);

    /// <inheritdoc cref="IFileStore.ReadTextAsync"/>
    public Task<string?> ReadTextAsync(FileKey key, CancellationToken cancellationToken) => CallAsync(token => store.ReadTextAsync(key, token), cancellationToken);

    /// <inheritdoc cref="IFileStore.ListAsync"/>
    public Task<IReadOnlyList<StoredFile>> ListAsync(string user, CancellationToken cancellationToken) =>
        CallAsync(token => store.ListAsync(user, token), cancellationToken);

    /// <inheritdoc cref="IFileStore.ListCreatedBeforeAsync"/>
    public IAsyncEnumerable<StoredFile> ListCreatedBeforeAsync(DateTimeOffset created, CancellationToken cancellationToken) =>
        store.ListCreatedBeforeAsync(created, cancellationToken);

    /// <inheritdoc cref="IFileStore.DeleteAsync"/>
    public Task DeleteAsync(FileKey key, CancellationToken cancellationToken) => CallAsync(token => store.DeleteAsync(key, token), cancellationToken);

    /// <summary>Deletes the files of a thread.</summary>
    public async Task DeleteOfThreadAsync(string user, string threadId, CancellationToken cancellationToken)
    {
        foreach (var file in await ListAsync(user, cancellationToken))
        {
            if (file.ThreadId == threadId)
                await DeleteAsync(file.Key, cancellationToken);
        }
    }

    /// <inheritdoc cref="IFileStore.RemoveRemainsAsync"/>
    public Task RemoveRemainsAsync(DateTimeOffset olderThan, CancellationToken cancellationToken) => store.RemoveRemainsAsync(olderThan, cancellationToken);

    private Task CallAsync(Func<CancellationToken, Task> call, CancellationToken cancellationToken) => CallAsync<object?>(
        async token =>
        {
            await call(token);
            return null;
        },
        cancellationToken);

    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await call(limit.Token).WaitAsync(CallTimeout, time, cancellationToken);
        }
        catch (Exception e)
        {
            await limit.CancelAsync();
            if (e is OperationCanceledException && cancellationToken.IsCancellationRequested)
                throw;
            throw new TurnStoreException(TurnStoreFailure.Unavailable, "The store of the files failed: " + e.Message, e);
        }
    }
}
