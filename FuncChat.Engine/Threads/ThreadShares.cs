using FuncChat.Engine.Files;
using FuncChat.Engine.Turns;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Threads;

/// <summary>Shares threads by links that show them, read-only, as they were when they were shared.</summary>
public sealed class ThreadShares
{
    // Each attempt that fails lets a deletion of a turn succeed.
    private const int MaxAttempts = 5;

    private readonly ThreadStorage _threads;
    private readonly ThreadSettlement _settlement;
    private readonly FileService _files;
    private readonly RequestMemory _memory;
    private readonly TimeProvider _time;

    internal ThreadShares(ThreadStorage threads, ThreadSettlement settlement, FileService files, RequestMemory memory, IOptions<ThreadOptions> options, TimeProvider time)
    {
        _threads = threads;
        _settlement = settlement;
        _files = files;
        _memory = memory;
        _time = time;
        Sharing = options.Value.Sharing;
    }

    /// <summary>Who may open a link.</summary>
    public ThreadSharing Sharing { get; }

    /// <summary>Shares a thread or, if it is shared, updates what its link shows.</summary>
    public Task<Result<ThreadDocument>> ShareAsync(ThreadKey key, ShareContent content, CancellationToken cancellationToken) =>
        StoreErrors.CatchAsync(() => ShareAsync(key, content, attempt: 1, cancellationToken));

    /// <summary>Stops sharing a thread. Its link is invalid at once.</summary>
    public Task<AppError?> StopAsync(ThreadKey key, CancellationToken cancellationToken) => StoreErrors.CatchAsync(async () =>
    {
        if (await _threads.ReadAsync(key, cancellationToken) is not { Thread: var thread })
            return ThreadErrors.NotFound;
        if (thread.Share is not { } share)
            return ThreadErrors.NotShared;

        // The thread first: a request that shares it at the same time looks at the thread after writing the link. It lists the link until that is removed.
        var removal = new TurnDeletion(TurnDeletion.NewId(), _time.GetUtcNow(), [], share.Id);
        await _threads.ChangeAsync(key, known => known.Share?.Id == share.Id ? (known with { Share = null }).With(removal) : known, cancellationToken);
        await _threads.RemoveShareAsync(share.Id, cancellationToken);
        await _threads.RemoveDeletionAsync(key, removal.Id, cancellationToken);
        return null;
    });

    /// <summary>Finds the thread that a link leads to, which has a <see cref="ThreadDocument.Share"/>.</summary>
    public Task<Result<ThreadDocument>> FindAsync(string shareId, CancellationToken cancellationToken) => StoreErrors.CatchAsync<ThreadDocument>(
        async () => Sharing != ThreadSharing.Off && ThreadShare.IsShareId(shareId) && await _threads.ReadSharedAsync(shareId, cancellationToken) is { } thread
            && thread.SharedTurns.Any()
            ? thread
            : ThreadErrors.NoSuchShare);

    /// <summary>Reads turns that a link shows, as its readers see them; null for one that the link no longer shows, or that is damaged.</summary>
    /// <param name="thread">The thread that the link leads to.</param>
    public Task<Result<IReadOnlyList<ThreadTurnContent?>>> ReadTurnsAsync(
        ThreadDocument thread, IReadOnlyList<ThreadTurn> turns, CancellationToken cancellationToken) =>
        StoreErrors.CatchAsync<IReadOnlyList<ThreadTurnContent?>>(async () =>
        {
            var contents = await _threads.ReadTurnsAsync(thread.Key, turns, cancellationToken).ToListAsync(cancellationToken);

            // After the contents: a turn that was deleted meanwhile may be another one by now, under the same id.
            if (await _threads.ReadSharedAsync(thread.Share!.Id, cancellationToken) is not { Share: { } share } current)
                return ThreadErrors.NoSuchShare;
            var shown = current.SharedTurns.Select(turn => turn.TurnId).ToHashSet(StringComparer.Ordinal);
            return turns
                .Zip(contents, (turn, content) => shown.Contains(turn.TurnId) && content?.IsDamaged != true
                    ? SharedContent.Of(content ?? new ThreadTurnContent { Messages = [] }, share.IncludesTools)
                    : null)
                .ToList();
        });

    /// <summary>Finds a file that a link shows.</summary>
    public async Task<Result<StoredFile>> FindFileAsync(string shareId, string fileId, CancellationToken cancellationToken)
    {
        var found = await FindAsync(shareId, cancellationToken);
        if (!found.Succeeded)
            return found.Error;
        var thread = found.Value;
        return thread.Share!.Turns.Any(turn => turn.Files.Contains(fileId) && thread.Find(turn.TurnId) is not null)
            ? await _files.ReadAsync(new FileKey(thread.User, fileId), cancellationToken)
            : FileErrors.NotFound;
    }

    /// <summary>Reads the content of a file that a link shows.</summary>
    public Task<Result<byte[]>> ReadContentAsync(StoredFile file, CancellationToken cancellationToken) => _files.ReadContentAsync(file.Key, cancellationToken);

    private async Task<Result<ThreadDocument>> ShareAsync(ThreadKey key, ShareContent content, int attempt, CancellationToken cancellationToken)
    {
        if (Sharing == ThreadSharing.Off)
            return ThreadErrors.SharingIsOff;
        if (await _settlement.ReadAsync(key, cancellationToken) is not { Thread: var thread })
            return ThreadErrors.NotFound;
        if (content.TurnId is not null && thread.Find(content.TurnId) is null)
            return ThreadErrors.NoSuchTurn;

        // A turn that runs would add to what is shown later.
        var path = thread.PathTo(content.TurnId ?? (thread.Turns.Count > 0 ? thread.Turns[^1].TurnId : null)).TakeWhile(turn => !turn.IsRunning).ToList();
        if (path.Count == 0)
            return ThreadErrors.NothingToShare;
        var shared = await ReadShareAsync(thread, path, content, cancellationToken);
        if (shared.Turns.Count == 0)
            return ThreadErrors.DamagedTurns;
        var isCurrent = true;
        var stored = await _threads.ChangeAsync(
            key,
            known =>
            {
                // A turn that was read may have been deleted meanwhile, and its id used again.
                isCurrent = path.All(turn => known.Find(turn.TurnId) == turn);
                return isCurrent
                    ? known with { Share = shared with { Id = known.Share?.Id ?? shared.Id, CreatedAt = known.Share?.CreatedAt ?? shared.CreatedAt } }
                    : known;
            },
            cancellationToken);
        if (!isCurrent)
            return attempt < MaxAttempts ? await ShareAsync(key, content, attempt + 1, cancellationToken) : ThreadErrors.Contended;
        if (stored?.Thread.Share is not { } share)
            return ThreadErrors.NotFound;

        // After the thread: a link that no thread confirms would never be removed.
        // A request that stopped the sharing meanwhile counts as the later one.
        return await _threads.WriteShareAsync(key, share.Id, cancellationToken) is null ? ThreadErrors.NotFound : stored.Thread;
    }

    // Without the turns that are damaged.
    private async Task<ThreadShare> ReadShareAsync(ThreadDocument thread, List<ThreadTurn> path, ShareContent content, CancellationToken cancellationToken)
    {
        var turns = new List<SharedTurn>();
        var instructions = thread.SystemPrompt;
        foreach (var batch in TurnBatch.Split(path))
        {
            var sources = await _memory.RunAsync(
                thread.User, batch.BytesInMemory, () => Task.WhenAll(batch.Turns.Select(ReadTurnAsync)), cancellationToken);
            turns.AddRange(sources.Select(source => source.Turn).OfType<SharedTurn>());
            instructions = sources.Select(source => source.Instructions).LastOrDefault(text => text is not null) ?? instructions;
        }

        var now = _time.GetUtcNow();
        return new ThreadShare(ThreadShare.NewShareId(), now, now, thread.Title, turns)
        {
            IncludesTools = content.IncludesTools,
            Instructions = content.IncludesInstructions ? instructions : null,
        };

        async Task<(SharedTurn? Turn, string? Instructions)> ReadTurnAsync(ThreadTurn turn) => await _threads.ReadAnyTurnAsync(thread.Key, turn.ContentId, cancellationToken) switch
        {
            { IsDamaged: true } => (null, null),
            { } read => (new SharedTurn(turn.TurnId, [.. SharedContent.FilesIn(SharedContent.Of(read, content.IncludesTools))]), SharedContent.InstructionsIn(read)),
            null => (new SharedTurn(turn.TurnId, []), null),
        };
    }
}

/// <summary>What a link shows of a thread.</summary>
/// <param name="TurnId">The last turn of the branch; null for the turn that was added last.</param>
/// <param name="IncludesInstructions">Whether it shows the system prompt.</param>
/// <param name="IncludesTools">Whether it shows the calls of tools and their results.</param>
public sealed record ShareContent(string? TurnId, bool IncludesInstructions, bool IncludesTools);
