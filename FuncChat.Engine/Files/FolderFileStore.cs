using System.Runtime.CompilerServices;
using System.Text;
using FuncChat.Engine.Store;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Engine.Files;

/// <summary>Keeps files in a folder: `files/{user's hash}/{file id}/file.json`, `content` and `text`. Several processes may share it.</summary>
public sealed partial class FolderFileStore(string dataPath, ILogger<FolderFileStore>? logger = null) : IFileStore
{
    private const string DocumentName = "file.json";
    private const string ContentName = "content";
    private const string TextName = "text";
    private const int MaxDeletions = 5;

    private readonly ILogger _logger = logger ?? NullLogger<FolderFileStore>.Instance;
    private readonly DamageReports _damages = new();
    private readonly string _root = Path.Combine(Path.GetFullPath(dataPath), "files");

    public Task WriteAsync(StoredFile file, ReadOnlyMemory<byte> content, string? text, CancellationToken cancellationToken)
    {
        var folder = FolderOf(file.Key);
        return DiskThreads.RunAsync(
            file.Key.User,
            () =>
            {
                PrivateFiles.Replace(Path.Combine(folder, ContentName), content.Span);
                if (text is not null)
                    PrivateFiles.Replace(Path.Combine(folder, TextName), Encoding.UTF8.GetBytes(text));
                PrivateFiles.Replace(Path.Combine(folder, DocumentName), file.ToJson());
            },
            cancellationToken);
    }

    public Task UpdateAsync(StoredFile file, CancellationToken cancellationToken)
    {
        var folder = FolderOf(file.Key);
        var path = Path.Combine(folder, DocumentName);
        return DiskThreads.RunAsync(
            file.Key.User,
            () =>
            {
                if (!File.Exists(path))
                    return;
                PrivateFiles.Replace(path, file.ToJson());

                // Another request may have deleted the file meanwhile.
                if (!Path.Exists(Path.Combine(folder, ContentName)))
                    Remove(folder);
            },
            cancellationToken);
    }

    public Task<StoredFile?> ReadAsync(FileKey key, CancellationToken cancellationToken)
    {
        var folder = FolderOf(key);
        return DiskThreads.RunAsync(key.User, () => DocumentIn(folder), cancellationToken);
    }

    public Task<byte[]?> ReadContentAsync(FileKey key, CancellationToken cancellationToken) => ReadAsync(key, ContentName, cancellationToken);

    public async Task<string?> ReadTextAsync(FileKey key, CancellationToken cancellationToken) =>
        await ReadAsync(key, TextName, cancellationToken) is { } text ? Encoding.UTF8.GetString(text) : null;

    public Task<IReadOnlyList<StoredFile>> ListAsync(string user, CancellationToken cancellationToken) => DiskThreads.RunAsync<IReadOnlyList<StoredFile>>(
        user, () => [.. PrivateFiles.Folders(Path.Combine(_root, UserHash.Of(user))).Select(Listed).OfType<StoredFile>()], cancellationToken);

    public Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) => DiskThreads.RunAsync(() => FileExpiry.NowOf(_root), cancellationToken);

    public async IAsyncEnumerable<StoredFile> ListCreatedBeforeAsync(DateTimeOffset time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var user in await DiskThreads.RunAsync(() => PrivateFiles.Folders(_root), cancellationToken))
        {
            foreach (var folder in await DiskThreads.RunAsync(() => ListedOf(user), cancellationToken))
            {
                if (await DiskThreads.RunAsync(() => Listed(folder), cancellationToken) is { } file && file.CreatedAt < time)
                    yield return file;
            }
        }
    }

    public Task<bool> DeleteAsync(FileKey key, CancellationToken cancellationToken)
    {
        var folder = FolderOf(key);
        return DiskThreads.RunAsync(key.User, () => Remove(folder), cancellationToken);
    }

    public Task RemoveRemainsAsync(DateTimeOffset olderThan, DateTimeOffset damagedBefore, CancellationToken cancellationToken) => DiskThreads.RunAsync(
        () =>
        {
            var removals = new Removals();
            foreach (var folder in PrivateFiles.Folders(_root).SelectMany(ListedOf))
            {
                removals.Try(() =>
                {
                    var document = Path.Combine(folder, DocumentName);
                    if (File.Exists(document) && Path.Exists(Path.Combine(folder, ContentName))
                        ? File.GetLastWriteTimeUtc(document) < damagedBefore.UtcDateTime && DocumentIn(folder) is null
                        : Directory.GetLastWriteTimeUtc(folder) < olderThan.UtcDateTime)
                    {
                        Remove(folder);
                    }
                });
            }

            removals.ThrowIfAnyFailed("remains of files");
        },
        cancellationToken);

    private static bool Remove(string folder)
    {
        if (!Directory.Exists(folder))
            return false;
        PrivateFiles.Delete(Path.Combine(folder, DocumentName));

        // Another request may delete it at the same time, or write its document.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                PrivateFiles.Delete(folder);
                break;
            }
            catch (IOException) when (attempt < MaxDeletions)
            {
                // Once more, with what was added. If another request has deleted it meanwhile, there is nothing to do.
            }
        }

        PrivateFiles.DeleteIfEmpty(Path.GetDirectoryName(folder)!);
        return true;
    }

    // The folders of a user's files. A user's folder that can't be read at the moment keeps no file of another from expiring.
    private List<string> ListedOf(string user)
    {
        try
        {
            return PrivateFiles.Folders(user);
        }
        catch (Exception e) when (PrivateFiles.IsUnreadable(e))
        {
            if (_damages.IsFirst(user))
                LogUnreadableFolder(Path.GetFileName(user), e);
            return [];
        }
    }

    // One that can't be read at the moment keeps no other from being listed.
    private StoredFile? Listed(string folder)
    {
        try
        {
            return DocumentIn(folder);
        }
        catch (Exception e) when (PrivateFiles.IsUnreadable(e))
        {
            if (_damages.IsFirst(folder))
                LogUnreadable(Path.GetFileName(folder), e);
            return null;
        }
    }

    // Null if there is none, or it is damaged: the file can't be used, and keeps no other from being listed.
    private static StoredFile? DocumentIn(string folder) => PrivateFiles.TryRead(Path.Combine(folder, DocumentName)) is { } json
        ? StoredFile.TryParse($"{Path.GetFileName(Path.GetDirectoryName(folder))}/{Path.GetFileName(folder)}", json)
        : null;

    private Task<byte[]?> ReadAsync(FileKey key, string name, CancellationToken cancellationToken)
    {
        var path = Path.Combine(FolderOf(key), name);
        return DiskThreads.RunAsync(key.User, () => PrivateFiles.TryRead(path), cancellationToken);
    }

    private string FolderOf(FileKey key) => Path.Combine(_root, key.Folder(Path.DirectorySeparatorChar));

    [LoggerMessage(1603, LogLevel.Error, "The folder of files {Folder} can't be read, and none in it expires. This is logged once")]
    private partial void LogUnreadableFolder(string folder, Exception exception);

    [LoggerMessage(1602, LogLevel.Error, "File {FileId} can't be read and is not listed")]
    private partial void LogUnreadable(string fileId, Exception exception);
}
