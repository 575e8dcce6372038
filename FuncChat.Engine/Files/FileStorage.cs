using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Files;

/// <summary>
/// The store of files as the engine uses it: every failure, whatever the adapter throws, is a <see cref="TurnStoreException"/>, and no call takes longer
/// than half a minute.
/// </summary>
public sealed class FileStorage(IFileStore store, RequestMemory memory, TimeProvider time)
{
    private readonly StoreCalls _calls = new("files", TimeSpan.FromSeconds(30), time);

    /// <inheritdoc cref="IFileStore.WriteAsync"/>
    public async Task WriteAsync(StoredFile file, ReadOnlyMemory<byte> content, string? text, CancellationToken cancellationToken)
    {
        var writing = Task.CompletedTask;
        try
        {
            await _calls.RunAsync(token => writing = store.WriteAsync(file, content, text, token), cancellationToken);
        }
        finally
        {
            // A store whose disk stalls keeps the content for longer than its request waits.
            if (!writing.IsCompleted)
                _ = HoldUntilAsync(writing, file.User, content.Length + (sizeof(char) * (text?.Length ?? 0L)));
        }
    }

    /// <inheritdoc cref="IFileStore.UpdateAsync"/>
    public Task UpdateAsync(StoredFile file, CancellationToken cancellationToken) => _calls.RunAsync(token => store.UpdateAsync(file, token), cancellationToken);

    /// <inheritdoc cref="IFileStore.ReadAsync"/>
    public Task<StoredFile?> ReadAsync(FileKey key, CancellationToken cancellationToken) => _calls.RunAsync(token => store.ReadAsync(key, token), cancellationToken);

    /// <inheritdoc cref="IFileStore.ReadContentAsync"/>
    public Task<byte[]?> ReadContentAsync(FileKey key, CancellationToken cancellationToken) =>
        _calls.RunAsync(token => store.ReadContentAsync(key, token), cancellationToken);

    /// <inheritdoc cref="IFileStore.ReadTextAsync"/>
    public Task<string?> ReadTextAsync(FileKey key, CancellationToken cancellationToken) => _calls.RunAsync(token => store.ReadTextAsync(key, token), cancellationToken);

    /// <inheritdoc cref="IFileStore.ListAsync"/>
    public Task<IReadOnlyList<StoredFile>> ListAsync(string user, CancellationToken cancellationToken) =>
        _calls.RunAsync(token => store.ListAsync(user, token), cancellationToken);

    /// <inheritdoc cref="IFileStore.NowAsync"/>
    public Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) => _calls.RunAsync(store.NowAsync, cancellationToken);

    /// <inheritdoc cref="IFileStore.ListCreatedBeforeAsync"/>
    public IAsyncEnumerable<StoredFile> ListCreatedBeforeAsync(DateTimeOffset created, CancellationToken cancellationToken) =>
        store.ListCreatedBeforeAsync(created, cancellationToken);

    /// <inheritdoc cref="IFileStore.DeleteAsync"/>
    public Task<bool> DeleteAsync(FileKey key, CancellationToken cancellationToken) => _calls.RunAsync(token => store.DeleteAsync(key, token), cancellationToken);

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
    public Task RemoveRemainsAsync(DateTimeOffset olderThan, DateTimeOffset damagedBefore, CancellationToken cancellationToken) =>
        store.RemoveRemainsAsync(olderThan, damagedBefore, cancellationToken);

    private async Task HoldUntilAsync(Task end, string user, long bytes)
    {
        using var held = memory.HoldAdmitted(user, bytes);
        await end.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
