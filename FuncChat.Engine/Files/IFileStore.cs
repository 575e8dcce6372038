namespace FuncChat.Engine.Files;

/// <summary>Keeps the files of users: a document for each, its content and, for a document of another format, its text.</summary>
/// <remarks>Adapters throw what their SDK throws; the engine uses them through <see cref="FileStorage"/>, which maps every failure.</remarks>
public interface IFileStore
{
    /// <summary>Stores a file. It exists once its document is stored, which is last.</summary>
    /// <param name="text">The text of the file; null if the content is its only form.</param>
    Task WriteAsync(StoredFile file, ReadOnlyMemory<byte> content, string? text, CancellationToken cancellationToken);

    /// <summary>Replaces the document of a file, if there is one.</summary>
    Task UpdateAsync(StoredFile file, CancellationToken cancellationToken);

    /// <summary>Reads a file's document; null if there is no such file, or its document is damaged.</summary>
    Task<StoredFile?> ReadAsync(FileKey key, CancellationToken cancellationToken);

    /// <summary>Reads a file's content; null if there is no such file.</summary>
    Task<byte[]?> ReadContentAsync(FileKey key, CancellationToken cancellationToken);

    /// <summary>Reads a file's text; null if there is none.</summary>
    Task<string?> ReadTextAsync(FileKey key, CancellationToken cancellationToken);

    /// <summary>The files of a user, in no particular order.</summary>
    Task<IReadOnlyList<StoredFile>> ListAsync(string user, CancellationToken cancellationToken);

    /// <summary>
    /// Returns the time by the clock of the store. What is old is removed by this clock: one of an instance that is ahead would remove what users still need.
    /// </summary>
    Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken);

    /// <summary>The files of all users that were created before a time.</summary>
    IAsyncEnumerable<StoredFile> ListCreatedBeforeAsync(DateTimeOffset time, CancellationToken cancellationToken);

    /// <summary>Removes everything of a file, its document first.</summary>
    /// <returns>False if there is no such file. One whose document is damaged is one.</returns>
    Task<bool> DeleteAsync(FileKey key, CancellationToken cancellationToken);

    /// <summary>Removes contents without a document, which a crash has left, if they are older than a time, and files whose document is damaged.</summary>
    /// <param name="damagedBefore">Files whose document is damaged are removed if they were last written before this time.</param>
    Task RemoveRemainsAsync(DateTimeOffset olderThan, DateTimeOffset damagedBefore, CancellationToken cancellationToken);
}
