using FuncChat.Engine.Turns;
using FuncChat.Tools;
using FuncChat.Tools.Scrape;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Files;

/// <summary>Stores, lists and deletes the files of users.</summary>
public sealed class FileService(
    FileStorage files, DocumentReader documents, TurnRuntime runtime, RequestMemory memory, IOptions<FileLimits> limits, TimeProvider time)
{
    private readonly FileLimits _limits = limits.Value;

    /// <summary>The largest file, in bytes.</summary>
    public int MaxFileBytes => _limits.MaxFileBytes;

    /// <summary>When a file expires; null for one that is deleted with its thread.</summary>
    public DateTimeOffset? ExpiryOf(StoredFile file) => file.ThreadId is null ? file.CreatedAt + _limits.Retention : null;

    /// <summary>Stores a file.</summary>
    /// <param name="name">The name that its user gave it, which may be anything.</param>
    /// <param name="threadId">The thread that it is deleted with; null if it belongs to none.</param>
    public Task<Result<StoredFile>> UploadAsync(
        string user, string? name, ReadOnlyMemory<byte> content, string? threadId, CancellationToken cancellationToken) => StoreErrors.CatchAsync<StoredFile>(async () =>
    {
        if (content.IsEmpty)
            return FileErrors.Empty;
        if (content.Length > _limits.MaxFileBytes)
            return FileErrors.TooLarge(_limits.MaxFileBytes);
        if (FileType.Of(content.Span) is not { } mediaType)
            return FileType.IsCutArchive(content.Span) ? FileErrors.Cut : FileErrors.Type;
        if (await FindFullAsync(user, content.Length, cancellationToken) is { } full)
            return full;
        var (text, note) = FileType.DocumentKindOf(mediaType) is { } kind ? await TextOfAsync(user, content, kind, cancellationToken) : default;
        var bytes = content.Length + (text?.Length ?? 0);
        if (await runtime.Usage.AddRequestAsync(user, bytes) is { } reached)
            return reached;
        var file = new StoredFile
        {
            User = user,
            Id = FileKey.NewFileId(),
            Name = FileName.Clean(name, mediaType),
            MediaType = mediaType,
            Bytes = content.Length,
            CreatedAt = time.GetUtcNow(),
            ThreadId = threadId,
            HasText = text is not null,
            TextNote = note,
        };
        await files.WriteAsync(file, content, text, cancellationToken);
        return file;
    });

    /// <summary>Stores an image that a tool returned, and returns its id; null if it is no image, or there is no room for it.</summary>
    internal async Task<string?> KeepImageAsync(string user, string tool, ReadOnlyMemory<byte> content, string? threadId, CancellationToken cancellationToken)
    {
        if (FileType.Of(content.Span)?.StartsWith("image/", StringComparison.Ordinal) != true)
            return null;
        var file = await UploadAsync(user, FileName.Of(tool, FileType.Of(content.Span)!), content, threadId, cancellationToken);
        return file.Value?.Id;
    }

    /// <summary>Reads what is known of a file.</summary>
    public Task<Result<StoredFile>> ReadAsync(FileKey key, CancellationToken cancellationToken) =>
        StoreErrors.CatchAsync<StoredFile>(async () => await FindAsync(key, cancellationToken) is { } file ? file : FileErrors.NotFound);

    /// <summary>Reads a file's content.</summary>
    public Task<Result<byte[]>> ReadContentAsync(FileKey key, CancellationToken cancellationToken) =>
        StoreErrors.CatchAsync<byte[]>(async () => await files.ReadContentAsync(key, cancellationToken) is { } content ? content : FileErrors.NotFound);

    /// <summary>Reads a file for a tool that sends it on, by its id or its name: of several with the name, the newest.</summary>
    /// <returns>The file, and its memory, which is held until it is disposed.</returns>
    internal async Task<Result<HeldFile>> OpenAsync(string user, string idOrName, CancellationToken cancellationToken)
    {
        var found = FileKey.IsFileId(idOrName) ? await ReadAsync(new FileKey(user, idOrName), cancellationToken) : await FindByNameAsync(user, idOrName, cancellationToken);
        if (!found.Succeeded)
            return found.Error;
        var held = memory.Hold(user, found.Value.Bytes);
        if (!held.Succeeded)
            return held.Error;
        HeldFile? opened = null;
        try
        {
            var content = await ReadContentAsync(found.Value.Key, cancellationToken);
            if (!content.Succeeded)
                return content.Error;
            return opened = new HeldFile(found.Value, content.Value, held.Value);
        }
        finally
        {
            // Also if the call is canceled.
            if (opened is null)
                held.Value.Dispose();
        }
    }

    /// <summary>The files of a user, the newest first.</summary>
    /// <param name="threadId">Only those of this thread; null for all.</param>
    public Task<Result<IReadOnlyList<StoredFile>>> ListAsync(string user, string? threadId, CancellationToken cancellationToken) =>
        StoreErrors.CatchAsync<IReadOnlyList<StoredFile>>(async () => new List<StoredFile>(
            from file in await files.ListAsync(user, cancellationToken)
            where threadId is null || file.ThreadId == threadId
            where !IsExpired(file)
            orderby file.CreatedAt descending, file.Id
            select file));

    /// <summary>Deletes a file.</summary>
    public Task<AppError?> DeleteAsync(FileKey key, CancellationToken cancellationToken) =>
        StoreErrors.CatchAsync(async () => FileKey.IsFileId(key.FileId) && await files.DeleteAsync(key, cancellationToken) ? null : FileErrors.NotFound);

    /// <summary>Adds files to a thread, so that they are deleted with it and not before. Files of another thread stay there.</summary>
    public Task<AppError?> AttachAsync(string user, IEnumerable<string> fileIds, string threadId, CancellationToken cancellationToken) => StoreErrors.CatchAsync(async () =>
    {
        foreach (var id in fileIds.Distinct(StringComparer.Ordinal))
        {
            if (await FindAsync(new FileKey(user, id), cancellationToken) is { ThreadId: null } file)
                await files.UpdateAsync(file with { ThreadId = threadId }, cancellationToken);
        }

        return null;
    });

    private async Task<Result<StoredFile>> FindByNameAsync(string user, string name, CancellationToken cancellationToken)
    {
        var list = await ListAsync(user, threadId: null, cancellationToken);
        return !list.Succeeded ? list.Error : list.Value.FirstOrDefault(file => file.Name == name) is { } file ? file : FileErrors.NotFound;
    }

    // A file is gone for its user once it has expired, even if it has not been removed yet.
    private async Task<StoredFile?> FindAsync(FileKey key, CancellationToken cancellationToken) =>
        FileKey.IsFileId(key.FileId) && await files.ReadAsync(key, cancellationToken) is { } file && !IsExpired(file) ? file : null;

    private bool IsExpired(StoredFile file) => ExpiryOf(file) <= time.GetUtcNow();

    private async Task<AppError?> FindFullAsync(string user, long bytes, CancellationToken cancellationToken)
    {
        var own = await files.ListAsync(user, cancellationToken);
        if (own.Count >= _limits.MaxPerUser)
            return FileErrors.TooMany(_limits.MaxPerUser);
        return own.Sum(file => file.Bytes) + bytes > _limits.MaxBytesPerUser ? FileErrors.TooManyBytes(_limits.MaxBytesPerUser) : null;
    }

    // A scan has no text, and some models read it anyway.
    private async Task<(string? Text, string? Note)> TextOfAsync(string user, ReadOnlyMemory<byte> content, DocumentKind kind, CancellationToken cancellationToken)
    {
        try
        {
            var document = await documents.ReadAsync(content, kind, user, cancellationToken);
            return (document.Text, document.Note);
        }
        catch (ToolException e)
        {
            return (null, e.Message);
        }
    }
}

/// <summary>A file in memory.</summary>
/// <param name="Memory">Disposed when the content is no longer used.</param>
internal sealed record HeldFile(StoredFile File, byte[] Content, HeldMemory Memory);
