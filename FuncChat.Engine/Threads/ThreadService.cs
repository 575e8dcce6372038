using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Threads;

/// <summary>Lists, reads, changes and deletes the threads of a user. Belongs to the scope of a request.</summary>
public sealed partial class ThreadService
{
    private readonly ThreadStorage _threads;
    private readonly ThreadSettlement _settlement;
    private readonly ThreadLimits _limits;
    private readonly ThreadRemoval _removal;
    private readonly TurnImport _import;
    private readonly TurnRuntime _runtime;
    private readonly TurnService _turns;
    private readonly TimeProvider _time;
    private readonly ILogger<ThreadService> _logger;

    internal ThreadService(
        ThreadStorage threads, ThreadSettlement settlement, ThreadLimits limits, ThreadRemoval removal, TurnRuntime runtime, TurnService turns, TimeProvider time,
        ILogger<ThreadService> logger)
    {
        _threads = threads;
        _settlement = settlement;
        _limits = limits;
        _removal = removal;
        _runtime = runtime;
        _import = new TurnImport(threads, settlement, limits, runtime, turns, time);
        _turns = turns;
        _time = time;
        _logger = logger;
    }

    /// <summary>Ends a turn that is not stored, since its log was removed, in the thread that shows it as running.</summary>
    /// <returns>What a request for the turn fails with, and whether the turn ended here.</returns>
    public async Task<(AppError Error, bool HasEnded)> EndMissingTurnAsync(TurnKey key, CancellationToken cancellationToken)
    {
        var error = await StoreErrors.CatchAsync(async () =>
        {
            if (await _settlement.FindThreadAsync(key, cancellationToken) is not { } running)
                return TurnErrors.NotFound;
            var thread = await _settlement.ReadAsync(running, cancellationToken);
            return thread?.Thread.Find(key.TurnId) is { IsLost: true } ? ThreadErrors.MissingTurn : TurnErrors.NotFound;
        });
        return (error!, error == ThreadErrors.MissingTurn);
    }

    /// <summary>Lists threads.</summary>
    public Task<Result<ThreadPage>> ListAsync(string user, ThreadQuery query, CancellationToken cancellationToken) =>
        StoreErrors.CatchAsync<ThreadPage>(async () => query.Select(await _threads.ListAsync(user, cancellationToken)));

    /// <summary>Creates a thread without turns.</summary>
    /// <param name="createdAt">When the client created it; null for now.</param>
    public Task<Result<ThreadDocument>> CreateAsync(ThreadKey key, ThreadChange content, DateTimeOffset? createdAt, CancellationToken cancellationToken) =>
        StoreErrors.CatchAsync<ThreadDocument>(async () =>
        {
            if (await _threads.ReadDeletedAsync(key, cancellationToken) is not null)
                return ThreadErrors.Exists;
            if (await _limits.FindErrorAsync(key.User, null, cancellationToken) is { } full)
                return full;
            var now = _time.GetUtcNow();
            var thread = content.ApplyTo(new ThreadDocument { User = key.User, Id = key.ThreadId, CreatedAt = createdAt ?? now, UpdatedAt = now, Version = ThreadDocument.FirstVersionAt(now) });
            return await _runtime.Usage.AddRequestAsync(key.User, content.Bytes) is { } reached ? reached
                : await _threads.WriteAsync(thread, null, cancellationToken) is null ? ThreadErrors.Exists : thread;
        });

    /// <summary>Reads a thread.</summary>
    public Task<Result<ThreadDocument>> ReadAsync(ThreadKey key, CancellationToken cancellationToken) => StoreErrors.CatchAsync<ThreadDocument>(
        async () => await _settlement.ReadAsync(key, cancellationToken) is { Thread: var thread } ? thread : ThreadErrors.NotFound);

    /// <summary>Reads a thread for its user. If it is shared, its link works from now on, unless the store fails to repair it.</summary>
    public async Task<Result<ThreadDocument>> OpenAsync(ThreadKey key, CancellationToken cancellationToken)
    {
        var thread = await ReadAsync(key, cancellationToken);
        if (thread.Value?.Share is { } share)
        {
            try
            {
                await _threads.EnsureShareAsync(key, share.Id, cancellationToken);
            }
            catch (TurnStoreException e)
            {
                LogNotRepaired(key.ThreadId, e);
            }
        }

        return thread;
    }

    /// <summary>Changes a thread.</summary>
    /// <param name="isCurrent">Returns why the thread may not be changed as it is now; null if it may.</param>
    public Task<Result<ThreadDocument>> ChangeAsync(
        ThreadKey key, ThreadChange change, Func<ThreadDocument, AppError?> isCurrent, CancellationToken cancellationToken) =>
        StoreErrors.CatchAsync<ThreadDocument>(async () =>
        {
            if (await _runtime.Usage.AddRequestAsync(key.User, change.Bytes) is { } reached)
                return reached;
            AppError? refusal = null;
            var now = _time.GetUtcNow();
            var stored = await _threads.ChangeAsync(
                key,
                thread =>
                {
                    refusal = isCurrent(thread);
                    var changed = refusal is null ? change.ApplyTo(thread) : thread;
                    return changed == thread ? thread : changed with { UpdatedAt = now };
                },
                cancellationToken);
            return refusal ?? (stored is { Thread: var thread } ? thread : (Result<ThreadDocument>)ThreadErrors.NotFound);
        });

    /// <summary>Deletes a thread, its turns, and all that they left on the server.</summary>
    /// <param name="isCurrent">Returns why the thread may not be deleted as it is now; null if it may.</param>
    public Task<AppError?> DeleteAsync(ThreadKey key, Func<ThreadDocument, AppError?> isCurrent, CancellationToken cancellationToken) =>
        StoreErrors.CatchAsync(() => _removal.RemoveAsync(_turns, key, isCurrent, cancellationToken));

    /// <summary>Reads the contents of a thread's turns, in their order.</summary>
    /// <param name="turns">The turns to read.</param>
    public Task<Result<IReadOnlyList<ThreadTurnContent?>>> ReadTurnsAsync(ThreadKey key, IReadOnlyList<ThreadTurn> turns, CancellationToken cancellationToken) =>
        StoreErrors.CatchAsync<IReadOnlyList<ThreadTurnContent?>>(
            async () => await _threads.ReadTurnsAsync(key, turns, cancellationToken).ToListAsync(cancellationToken));

    /// <summary>Whether the thread still has these turns: one that has no content may have been deleted since the thread was read. True if the store can't tell.</summary>
    public async Task<bool> HasAllAsync(ThreadKey key, IReadOnlyList<ThreadTurn> turns, CancellationToken cancellationToken)
    {
        var known = await ReadAsync(key, cancellationToken);
        return known.Error is { Code: not ErrorCode.NotFound } || turns.All(turn => known.Value?.Find(turn.TurnId)?.ContentId == turn.ContentId);
    }

    /// <summary>Adds a turn that ended elsewhere, such as one of a client's own history. The same turn again changes nothing.</summary>
    /// <param name="turn">The turn, of which the ids and the time count.</param>
    /// <param name="content">Its messages, and its events to the end.</param>
    /// <param name="findError">Returns why the turn can't follow what the turn before it has added; null if it can.</param>
    public Task<Result<ThreadDocument>> ImportTurnAsync(
        ThreadKey key, ThreadTurn turn, ThreadTurnContent content, Func<IReadOnlyList<RawJson>, AppError?> findError, CancellationToken cancellationToken) =>
        StoreErrors.CatchAsync(() => _import.RunAsync(key, turn, content, findError, cancellationToken));

    /// <summary>Deletes a turn of a thread, and those that follow it.</summary>
    /// <param name="isCurrent">Returns why the turn may not be deleted from the thread as it is now; null if it may.</param>
    public Task<AppError?> DeleteTurnAsync(ThreadKey key, string turnId, Func<ThreadDocument, AppError?> isCurrent, CancellationToken cancellationToken) =>
        StoreErrors.CatchAsync(() => _removal.RemoveTurnAsync(_turns, key, turnId, isCurrent, cancellationToken));

    [LoggerMessage(1510, LogLevel.Warning, "The link of thread {ThreadId} could not be checked or repaired")]
    private partial void LogNotRepaired(string threadId, Exception exception);
}
