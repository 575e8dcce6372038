using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Threads;

/// <summary>
/// Keeps threads in files: `threads/{user's hash}/{thread id}/thread.json`, and a file for each turn in its folder `turns`. `shares/{share id}.json` names the
/// thread of a link. Several processes may share the folder.
/// </summary>
public sealed class FileThreadStore(string dataPath) : IThreadStore
{
    private const string DocumentName = "thread.json";
    private const string LockFolder = ".locks";
    private const int LockCount = 64;
    private const int MaxDeletions = 5;

    private static readonly TimeSpan LockRetryDelay = TimeSpan.FromMilliseconds(10);

    private readonly string _root = Path.Combine(Path.GetFullPath(dataPath), "threads");
    private readonly string _shares = Path.Combine(Path.GetFullPath(dataPath), "shares");

    public Task<StoredThread?> ReadAsync(ThreadKey key, CancellationToken cancellationToken) =>
        DiskThreads.RunAsync(() => Read(Path.Combine(FolderOf(key), DocumentName)), cancellationToken);

    public async Task<string?> WriteAsync(ThreadDocument thread, string? ifMatch, CancellationToken cancellationToken)
    {
        var path = Path.Combine(FolderOf(thread.Key), DocumentName);
        var json = thread.ToJson();
        return await LockedAsync(
            thread.Key,
            () =>
            {
                if (Read(path)?.ETag != ifMatch)
                    return null;
                PrivateFiles.Replace(path, json);
                return ETagOf(json);
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<ThreadSummary>> ListAsync(string user, CancellationToken cancellationToken) => DiskThreads.RunAsync<IReadOnlyList<ThreadSummary>>(
        () => [.. Folders(Path.Combine(_root, UserHash.Of(user))).Select(Document).OfType<ThreadDocument>().Select(thread => thread.Summary)],
        cancellationToken);

    public async IAsyncEnumerable<ThreadDocument> ListExpiredAsync(
        DateTimeOffset unchangedSince, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var user in await DiskThreads.RunAsync(() => Folders(_root), cancellationToken))
        {
            foreach (var thread in await DiskThreads.RunAsync(() => Folders(user), cancellationToken))
            {
                if (await DiskThreads.RunAsync(() => Document(thread), cancellationToken) is { } document
                    && (document.HasRemains || document.UpdatedAt < unchangedSince))
                {
                    yield return document;
                }
            }
        }
    }

    public Task WriteTurnAsync(ThreadKey key, string contentId, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var path = TurnPathOf(key, contentId);
        return DiskThreads.RunAsync(() => PrivateFiles.Replace(path, content.Span), cancellationToken);
    }

    public Task<byte[]?> ReadTurnAsync(ThreadKey key, string contentId, CancellationToken cancellationToken)
    {
        var path = TurnPathOf(key, contentId);
        return DiskThreads.RunAsync(() => PrivateFiles.TryRead(path), cancellationToken);
    }

    public Task RemoveTurnAsync(ThreadKey key, string contentId, CancellationToken cancellationToken)
    {
        var path = TurnPathOf(key, contentId);
        return DiskThreads.RunAsync(() => DeleteFile(path), cancellationToken);
    }

    public Task WriteShareAsync(string shareId, ThreadKey key, CancellationToken cancellationToken)
    {
        var path = SharePathOf(shareId);
        var json = key.ToJson();
        return DiskThreads.RunAsync(() => PrivateFiles.Replace(path, json), cancellationToken);
    }

    public async Task<ThreadKey?> ReadShareAsync(string shareId, CancellationToken cancellationToken)
    {
        var path = SharePathOf(shareId);
        return await DiskThreads.RunAsync(() => PrivateFiles.TryRead(path), cancellationToken) is { } json ? ThreadKey.Parse(json) : null;
    }

    public Task RemoveShareAsync(string shareId, CancellationToken cancellationToken)
    {
        var path = SharePathOf(shareId);
        return DiskThreads.RunAsync(() => DeleteFile(path), cancellationToken);
    }

    public Task RemoveAsync(ThreadKey key, string ifMatch, CancellationToken cancellationToken)
    {
        var folder = FolderOf(key);
        return LockedAsync(key, () => Read(Path.Combine(folder, DocumentName))?.ETag == ifMatch ? Remove(folder) : null, cancellationToken);
    }

    private static string? Remove(string folder)
    {
        if (!Directory.Exists(folder))
            return null;
        var turns = Path.Combine(folder, "turns");
        if (Directory.Exists(turns))
            DeleteFolder(turns);
        DeleteFolder(folder);
        if (Path.GetDirectoryName(folder) is { } user && !Directory.EnumerateFileSystemEntries(user).Any())
            Directory.Delete(user);
        return null;
    }

    // A turn may be written into it at this moment.
    private static void DeleteFolder(string folder)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                return;
            }
            catch (IOException) when (attempt < MaxDeletions && Directory.Exists(folder))
            {
                // Once more, with what was added.
            }
        }
    }

    private static void DeleteFile(string path)
    {
        if (File.Exists(path))
            File.Delete(path);
    }

    private static List<string> Folders(string path) =>
        Directory.Exists(path) ? [.. Directory.EnumerateDirectories(path).Where(folder => Path.GetFileName(folder) != LockFolder)] : [];

    // Null if there is none, or it is damaged, which keeps no other from being listed.
    private static ThreadDocument? Document(string folder)
    {
        try
        {
            return Read(Path.Combine(folder, DocumentName))?.Thread;
        }
        catch (TurnStoreException)
        {
            return null;
        }
    }

    private static StoredThread? Read(string path) => PrivateFiles.TryRead(path) is { } json ? new StoredThread(ThreadDocument.Parse(json), ETagOf(json)) : null;

    private static string ETagOf(ReadOnlySpan<byte> json) => Convert.ToHexStringLower(SHA256.HashData(json))[..32];

    // The lock is no file of the thread, which may be removed.
    private async Task<string?> LockedAsync(ThreadKey key, Func<string?> work, CancellationToken cancellationToken)
    {
        var number = Convert.ToInt32(UserHash.Of($"{UserHash.Of(key.User)}/{key.ThreadId}")[..4], 16) % LockCount;
        while (true)
        {
            var (done, result) = await DiskThreads.RunAsync(() => TryLocked(Path.Combine(_root, LockFolder, $"{number}"), work), cancellationToken);
            if (done)
                return result;
            await Task.Delay(LockRetryDelay, TimeProvider.System, cancellationToken);
        }
    }

    private static (bool Done, string? Result) TryLocked(string path, Func<string?> work)
    {
        PrivateFiles.CreateFolder(Path.GetDirectoryName(path)!);
        FileStream held;
        try
        {
            held = PrivateFiles.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (PrivateFiles.IsLocked(e))
        {
            return (false, null);
        }

        using (held)
            return (true, work());
    }

    private string FolderOf(ThreadKey key) => ThreadKey.IsThreadId(key.ThreadId)
        ? Path.Combine(_root, UserHash.Of(key.User), key.ThreadId)
        : throw new ArgumentException("The thread id is not valid.", nameof(key));

    private string SharePathOf(string shareId) => ThreadShare.IsShareId(shareId)
        ? Path.Combine(_shares, $"{shareId}.json")
        : throw new ArgumentException("The id of the link is not valid.", nameof(shareId));

    private string TurnPathOf(ThreadKey key, string contentId) => TurnKey.IsTurnId(contentId)
        ? Path.Combine(FolderOf(key), "turns", $"{contentId}.json")
        : throw new ArgumentException("The id of the content is not valid.", nameof(contentId));
}
