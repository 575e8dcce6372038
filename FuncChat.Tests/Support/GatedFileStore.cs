using FuncChat.Engine.Files;

namespace FuncChat.Tests.Support;

/// <summary>A store of files on a network: its calls complete asynchronously, and wait or fail as the test says.</summary>
internal sealed class GatedFileStore(IFileStore store) : IFileStore
{
    /// <summary>What reading a document waits for.</summary>
    public Func<FileKey, Task> Reading { get; set; } = _ => Task.CompletedTask;

    /// <summary>What a deletion waits for.</summary>
    public Func<FileKey, Task> Deleting { get; set; } = _ => Task.CompletedTask;

    public Task WriteAsync(StoredFile file, ReadOnlyMemory<byte> content, string? text, CancellationToken cancellationToken) =>
        store.WriteAsync(file, content, text, cancellationToken);

    public Task UpdateAsync(StoredFile file, CancellationToken cancellationToken) => store.UpdateAsync(file, cancellationToken);

    public async Task<StoredFile?> ReadAsync(FileKey key, CancellationToken cancellationToken)
    {
        await Task.Yield();
        await Reading(key).WaitAsync(cancellationToken);
        return await store.ReadAsync(key, cancellationToken);
    }

    public Task<byte[]?> ReadContentAsync(FileKey key, CancellationToken cancellationToken) => store.ReadContentAsync(key, cancellationToken);

    public Task<string?> ReadTextAsync(FileKey key, CancellationToken cancellationToken) => store.ReadTextAsync(key, cancellationToken);

    public Task<IReadOnlyList<StoredFile>> ListAsync(string user, CancellationToken cancellationToken) => store.ListAsync(user, cancellationToken);

    public Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) => store.NowAsync(cancellationToken);

    public IAsyncEnumerable<StoredFile> ListCreatedBeforeAsync(DateTimeOffset time, CancellationToken cancellationToken) =>
        store.ListCreatedBeforeAsync(time, cancellationToken);

    public async Task<bool> DeleteAsync(FileKey key, CancellationToken cancellationToken)
    {
        await Task.Yield();
        await Deleting(key).WaitAsync(cancellationToken);
        return await store.DeleteAsync(key, cancellationToken);
    }

    public Task RemoveRemainsAsync(DateTimeOffset olderThan, DateTimeOffset damagedBefore, CancellationToken cancellationToken) => store.RemoveRemainsAsync(olderThan, damagedBefore, cancellationToken);
}
