using System.Runtime.CompilerServices;
using FuncChat.Engine.Store;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Engine.Threads;

/// <summary>
/// Keeps threads in files: `threads/{user's hash}/{thread id}/thread.json`, and a file for each turn in its folder `turns`. `shares/{share id}.json` names the
/// thread of a link. Several processes may share the folder.
/// </summary>
public sealed partial class FileThreadStore(string dataPath, ILogger<FileThreadStore>? logger = null) : IThreadStore
{
    private const string LockFolder = ".locks";
    private const int LockCount = 64;
    private const int ListedAtOnce = 50;

    private static readonly TimeSpan LockRetryDelay = TimeSpan.FromMilliseconds(10);

    private readonly ILogger _logger = logger ?? NullLogger<FileThreadStore>.Instance;
    private readonly DamageReports _damages = new();
    private readonly KeptSummaries _summaries = new();
    private readonly string _root = Path.Combine(Path.GetFullPath(dataPath), "threads");
    private readonly string _shares = Path.Combine(Path.GetFullPath(dataPath), "shares");

    public Task<StoredThread?> ReadAsync(ThreadKey key, CancellationToken cancellationToken)
    {
        var folder = FolderOf(key);
        return DiskThreads.RunAsync(key.User, () => ThreadFolder.Read(folder), cancellationToken);
    }

    public Task<StoredThread?> ReadDamagedAsync(ThreadKey key, CancellationToken cancellationToken)
    {
        var path = ThreadFolder.DocumentIn(FolderOf(key));
        return DiskThreads.RunAsync(
            key.User,
            () => PrivateFiles.TryRead(path) is { } json ? new StoredThread(DamagedThread.Of(key, json, new DateTimeOffset(File.GetLastWriteTimeUtc(path))), ThreadFolder.ETagOf(json)) : null, cancellationToken);
    }

    public async Task<string?> WriteAsync(ThreadDocument thread, string? ifMatch, CancellationToken cancellationToken)
    {
        var folder = FolderOf(thread.Key);
        var json = thread.ToJson();
        return await LockedAsync(
            thread.Key,
            () =>
            {
                if (ThreadFolder.ETagIn(folder) != ifMatch)
                    return null;
                PrivateFiles.Replace(ThreadFolder.DocumentIn(folder), json);
                return ThreadFolder.ETagOf(json);
            },
            cancellationToken);
    }

    public async Task<IReadOnlyList<ThreadSummary>> ListAsync(string user, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(_root, UserHash.Of(user));
        using var known = await _summaries.EnterAsync(folder, cancellationToken);
        var threads = await DiskThreads.RunAsync(user, () => Folders(folder), cancellationToken);
        var listed = new List<ThreadSummary>(threads.Count);

        // In parts, between which other users have their turn.
        foreach (var part in threads.Chunk(ListedAtOnce))
            listed.AddRange(await DiskThreads.RunAsync(user, () => ListedIn(part, known, cancellationToken), cancellationToken));
        known.Limit(threads.Select(thread => Path.GetFileName(thread)));
        return listed;
    }

    public Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) => DiskThreads.RunAsync(() => FileExpiry.NowOf(_root), cancellationToken);

    public async IAsyncEnumerable<ThreadDocument> ListExpiredAsync(
        DateTimeOffset unchangedSince, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var removals = new Removals();
        foreach (var user in await DiskThreads.RunAsync(() => Folders(_root), cancellationToken))
        {
            List<string> threads = [];
            await removals.TryAsync(async () => threads = await DiskThreads.RunAsync(() => Folders(user), cancellationToken), cancellationToken);
            foreach (var thread in threads)
            {
                ThreadDocument? expired = null;
                await removals.TryAsync(async () => expired = await FindExpiredAsync(thread, unchangedSince, cancellationToken), cancellationToken);
                if (expired is not null)
                    yield return expired;
            }
        }

        removals.ThrowIfAnyFailed("damaged threads");
    }

    public Task WriteTurnAsync(ThreadKey key, string contentId, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var path = TurnPathOf(key, contentId);
        return DiskThreads.RunAsync(key.User, () => PrivateFiles.Replace(path, content.Span), cancellationToken);
    }

    public Task<byte[]?> ReadTurnAsync(ThreadKey key, string contentId, CancellationToken cancellationToken)
    {
        var path = TurnPathOf(key, contentId);
        return DiskThreads.RunAsync(key.User, () => PrivateFiles.TryRead(path), cancellationToken);
    }

    public Task RemoveTurnAsync(ThreadKey key, string contentId, CancellationToken cancellationToken)
    {
        var (path, folder) = (TurnPathOf(key, contentId), FolderOf(key));
        return DiskThreads.RunAsync(
            key.User,
            () =>
            {
                PrivateFiles.Delete(path);
                ThreadFolder.DeleteIfEmpty(folder); // The thread may be gone already.
            },
            cancellationToken);
    }

    public Task WriteShareAsync(string shareId, ThreadKey key, CancellationToken cancellationToken)
    {
        var path = SharePathOf(shareId);
        var json = key.ToJson();
        return DiskThreads.RunAsync(key.User, () => PrivateFiles.Replace(path, json), cancellationToken);
    }

    public async Task<ThreadKey?> ReadShareAsync(string shareId, CancellationToken cancellationToken)
    {
        var path = SharePathOf(shareId);
        return await DiskThreads.RunAsync(() => PrivateFiles.TryRead(path), cancellationToken) is { } json ? ThreadKey.Parse(json) : null;
    }

    public async IAsyncEnumerable<string> ListSharesAsync(DateTimeOffset writtenBefore, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var path in await DiskThreads.RunAsync(Shares, cancellationToken))
        {
            if (ThreadShare.IsShareId(Path.GetFileNameWithoutExtension(path)) && await DiskThreads.RunAsync(() => File.GetLastWriteTimeUtc(path), cancellationToken) < writtenBefore.UtcDateTime)
                yield return Path.GetFileNameWithoutExtension(path);
        }
    }

    public Task RemoveShareAsync(string shareId, CancellationToken cancellationToken)
    {
        var path = SharePathOf(shareId);
        return DiskThreads.RunAsync(() => PrivateFiles.Delete(path), cancellationToken);
    }

    public Task RemoveAsync(ThreadKey key, string ifMatch, CancellationToken cancellationToken)
    {
        var folder = FolderOf(key);
        return LockedAsync(
            key,
            () =>
            {
                if (ThreadFolder.ETagIn(folder) == ifMatch)
                    ThreadFolder.Remove(folder);
                return null;
            },
            cancellationToken);
    }

    private async Task<ThreadDocument?> FindExpiredAsync(string folder, DateTimeOffset unchangedSince, CancellationToken cancellationToken)
    {
        if (await DiskThreads.RunAsync(() => ThreadFolder.ReadAny(folder), cancellationToken) is not var (thread, etag, changedAt))
        {
            await DiskThreads.RunAsync(() => ThreadFolder.RemoveLeftovers(folder, unchangedSince), cancellationToken);
            return null;
        }

        if (thread is not null)
            return thread.HasRemains || thread.UpdatedAt < unchangedSince ? thread : null;
        if (changedAt < unchangedSince)
            await LockedAsync("", ThreadFolder.UserHashOf(folder), Path.GetFileName(folder), () => RemoveDamaged(folder, etag), cancellationToken);
        return null;
    }

    private string? RemoveDamaged(string folder, string etag)
    {
        if (ThreadFolder.ETagIn(folder) != etag)
            return null;
        LogRemoved(Path.GetFileName(folder));
        ThreadFolder.Remove(folder);
        return null;
    }

    private static List<string> Folders(string path) => [.. PrivateFiles.Folders(path).Where(folder => Path.GetFileName(folder) != LockFolder)];

    private string[] Shares()
    {
        try
        {
            return Directory.GetFiles(_shares, "*.json");
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private List<ThreadSummary> ListedIn(string[] folders, KeptSummaries.OfUser known, CancellationToken cancellationToken)
    {
        var listed = new List<ThreadSummary>(folders.Length);
        DateTime? now = null;
        foreach (var folder in folders)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var document = new FileInfo(ThreadFolder.DocumentIn(folder));
            document.Refresh(); // before it is read
            if (known.Find(Path.GetFileName(folder), document) is { } kept)
            {
                listed.Add(kept);
                continue;
            }

            now ??= Now();
            if (Listed(folder) is not { Summary: var summary })
                continue;
            known.Keep(summary, document, now.Value);
            listed.Add(summary);
        }

        return listed;
    }

    // Without the time, a list keeps nothing.
    private DateTime Now()
    {
        try
        {
            return FileExpiry.Now(_root);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return DateTime.MinValue;
        }
    }

    // Null if there is none, or it is damaged or can't be read, which keeps no other from being listed.
    private ThreadDocument? Listed(string folder)
    {
        try
        {
            return ThreadFolder.Read(folder)?.Thread;
        }
        catch (TurnStoreException e)
        {
            if (_damages.IsFirst(folder))
                LogNotListed(Path.GetFileName(folder), e);
            return null;
        }
        catch (Exception e) when (PrivateFiles.IsUnreadable(e))
        {
            if (_damages.IsFirst(folder))
                LogUnreadable(Path.GetFileName(folder), e);
            return null;
        }
    }

    // The lock is no file of the thread, which may be removed.
    private Task<string?> LockedAsync(ThreadKey key, Func<string?> work, CancellationToken cancellationToken) =>
        LockedAsync(key.User, UserHash.Of(key.User), key.ThreadId, work, cancellationToken);

    private async Task<string?> LockedAsync(string user, string userHash, string threadId, Func<string?> work, CancellationToken cancellationToken)
    {
        var number = Convert.ToInt32(UserHash.Of($"{userHash}/{threadId}")[..4], 16) % LockCount;
        while (true)
        {
            var (done, result) = await DiskThreads.RunAsync(user, () => TryLocked(Path.Combine(_root, LockFolder, $"{number}"), work), cancellationToken);
            if (done)
                return result;
            await Task.Delay(LockRetryDelay, TimeProvider.System, cancellationToken);
        }
    }

    private static (bool Done, string? Result) TryLocked(string path, Func<string?> work)
    {
        using var held = PrivateFiles.TryLock(path);
        return held is null ? (false, null) : (true, work());
    }

    private string FolderOf(ThreadKey key) => ThreadKey.IsThreadId(key.ThreadId)
        ? Path.Combine(_root, UserHash.Of(key.User), key.ThreadId)
        : throw new ArgumentException("The thread id is not valid.", nameof(key));

    private string SharePathOf(string shareId) => ThreadShare.IsShareId(shareId)
        ? Path.Combine(_shares, $"{shareId}.json")
        : throw new ArgumentException("The id of the link is not valid.", nameof(shareId));

    private string TurnPathOf(ThreadKey key, string contentId) => TurnKey.IsTurnId(contentId)
        ? Path.Combine(ThreadFolder.TurnsIn(FolderOf(key)), $"{contentId}.json")
        : throw new ArgumentException("The id of the content is not valid.", nameof(contentId));

    [LoggerMessage(1506, LogLevel.Error, "Thread {ThreadId} is damaged and is not listed. Its user can delete it, and it expires like others")]
    private partial void LogNotListed(string threadId, Exception exception);

    [LoggerMessage(1509, LogLevel.Error, "Thread {ThreadId} can't be read and is not listed")]
    private partial void LogUnreadable(string threadId, Exception exception);

    [LoggerMessage(1507, LogLevel.Warning, "Thread {ThreadId} is damaged and has expired. Whose it was can't be read; its files are removed")]
    private partial void LogRemoved(string threadId);
}
