using FuncChat.Engine.Background;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Threads;

/// <summary>Starts turns in threads: finds the conversation so far, and adds the turn. Belongs to the scope of a request.</summary>
public sealed class ThreadTurns
{
    // Below the time after which load balancers cut a response that is silent.
    private static readonly TimeSpan LongestQueue = TimeSpan.FromSeconds(180);

    // Between two looks at a turn that waits for a person, or whose end is not recorded yet: longer after each, since each reads its log.
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(250);
    private const int LongestIntervals = 8;

    private readonly ThreadStorage _threads;
    private readonly ThreadSettlement _settlement;
    private readonly TurnAdditions _additions;
    private readonly ConversationReader _conversations;
    private readonly TurnService _turns;
    private readonly TurnRemoval _removal;
    private readonly ConcurrentTurnLimiter _waiting;
    private readonly IBackgroundTurns _background;
    private readonly RequestMemory _memory;
    private readonly ThreadOptions _options;
    private readonly TimeProvider _time;

    // A request that must find its position again does not wait longer for that, and does not create a thread that was deleted meanwhile.
    private long? _waitingSince;
    private bool _wasQueued;
    private ThreadKey? _known;

    internal ThreadTurns(
        ThreadStorage threads, ThreadSettlement settlement, ThreadLimits limits, ConversationReader conversations, TurnService turns, TurnRemoval removal,
        TurnRuntime runtime, IBackgroundTurns background, RequestMemory memory, ThreadOptions options, TimeProvider time)
    {
        _threads = threads;
        _settlement = settlement;
        _additions = new TurnAdditions(threads, limits, turns, time);
        _conversations = conversations;
        _turns = turns;
        _removal = removal;
        _waiting = runtime.Waiting;
        _background = background;
        _memory = memory;
        _options = options;
        _time = time;
    }

    /// <summary>Finds where a new turn continues a thread, once no other turn of it runs.</summary>
    /// <param name="turnId">The id of the new turn, if the client named one: a turn that the thread already has is found where it is.</param>
    /// <param name="parentId">The turn to continue from, or <see cref="ThreadPosition.Root"/>; null for the last one.</param>
    public Task<Result<ThreadPosition>> FindAsync(ThreadKey key, string? turnId, string? parentId, IfRunning ifRunning, CancellationToken cancellationToken) =>
        StoreErrors.CatchAsync(() => FindOrWaitAsync(key, turnId, parentId, ifRunning, cancellationToken));

    /// <summary>Finds the turn that was added to a thread last.</summary>
    public Task<Result<LatestTurn>> FindLatestAsync(ThreadKey key, CancellationToken cancellationToken) => StoreErrors.CatchAsync<LatestTurn>(async () =>
    {
        var thread = (await _settlement.ReadAsync(key, cancellationToken))?.Thread;
        return new LatestTurn(thread?.Turns is [.., var last] ? last.TurnId : null, thread);
    });

    /// <summary>Adds a turn to its thread, which is created if it is missing, and starts the turn. The same turn again follows the existing one.</summary>
    /// <param name="added">The messages that are new in the request.</param>
    /// <param name="request">The request with the whole conversation.</param>
    /// <param name="cancellationToken">Ends the following, not the turn.</param>
    /// <param name="after">The id of the last event that the client has of an existing turn.</param>
    public Task<Result<FollowedTurn>> StartAsync(
        ThreadPosition position, string? turnId, IReadOnlyList<RawJson> added, ChatTurnRequest request, CancellationToken cancellationToken, long after = 0) =>
        StoreErrors.CatchAsync<FollowedTurn>(async () =>
        {
            var id = turnId ?? TurnKey.NewTurnId();
            var threaded = request with { ThreadId = position.Key.ThreadId };
            var adding = _time.GetTimestamp();
            var (addition, error) = await _additions.AddAsync(position, id, isNamed: turnId is not null, added, threaded, cancellationToken);
            if (error is not null)
                return error;
            var started = request.InBackground
                ? await _turns.CreateAsync(position.Key.User, id, threaded, cancellationToken)
                : await _turns.StartAsync(position.Key.User, id, threaded, cancellationToken, after);
            if (!started.Succeeded && addition is not null)
                await _additions.TakeBackAsync(position.Key, id, addition, threaded);
            var isLate = started is { Succeeded: true, Value.IsNew: true } && (addition is null || _time.GetElapsedTime(adding) >= ThreadSettlement.LongestStart);
            return isLate && await FindEndedAsync(position.Key, started.Value!, threaded) is { } ended ? ended : started;
        });

    /// <summary>Lets a turn continue in the background if its process crashed and no client follows it.</summary>
    /// <returns>Null, or an error if the turn is damaged or the store failed.</returns>
    public Task<AppError?> ContinueAbandonedAsync(TurnKey key, CancellationToken cancellationToken) =>
        StoreErrors.CatchAsync(() => TryContinueAsync(key, cancellationToken));

    private async Task<Result<ThreadPosition>> FindOrWaitAsync(
        ThreadKey key, string? turnId, string? parentId, IfRunning ifRunning, CancellationToken cancellationToken)
    {
        _waitingSince ??= _time.GetTimestamp();
        var left = LongestQueue - _time.GetElapsedTime(_waitingSince.Value);
        using var limit = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var place = new QueuePlace(_waiting, key.User);
        var (looks, lookedAt) = (0, "");
        while (true)
        {
            if (await _settlement.ReadAsync(key, cancellationToken, startingId: turnId) is not { Thread: var thread })
            {
                return _known == key ? ThreadErrors.NotFound
                    : parentId is null or ThreadPosition.Root ? new ThreadPosition(key, null, null, []) { IfRunning = ifRunning, FollowsLast = parentId is null }
                    : ThreadErrors.NoParent;
            }

            // Version 0.1.0 could keep a turn whose parent was deleted.
            _known = key;
            if (thread.Find(turnId) is { } same)
                return await AtAsync(thread, same.ParentId, ifRunning, cancellationToken);
            if (thread.Turns.FirstOrDefault(turn => turn.IsRunning) is not { } running)
            {
                return parentId is not (null or ThreadPosition.Root) && thread.Find(parentId) is null
                    ? ThreadErrors.NoParent
                    : await AtAsync(thread, parentId, ifRunning, cancellationToken, isLast: parentId is null);
            }

            // A request that finds its position again was admitted before.
            if (ifRunning == IfRunning.Queue && place.Take(isAdmitted: _wasQueued) is { } tooMany)
                return tooMany;
            _wasQueued = ifRunning == IfRunning.Queue;

            (looks, lookedAt) = (running.TurnId == lookedAt ? looks + 1 : 1, running.TurnId);
            var interval = ShortestInterval * Math.Min(looks, LongestIntervals);
            AppError? error = null;
            try
            {
                error = await (ifRunning switch
                {
                    IfRunning.Refuse => TryContinueAsync(key.Turn(running.TurnId), cancellationToken),
                    IfRunning.Interrupt => StopAsync(key.Turn(running.TurnId), interval, cancellationToken, waiting.Token),
                    _ => WaitForEndAsync(key.Turn(running.TurnId), interval, waiting.Token),
                });
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                return ThreadErrors.Running(running.TurnId);
            }

            // A damaged turn can't continue, and would never end.
            if (error == TurnErrors.Damaged && await _settlement.TryFailAsync(key, running.TurnId, cancellationToken))
                continue;
            if (ifRunning == IfRunning.Refuse)
                return ThreadErrors.Running(running.TurnId);
            if (ifRunning == IfRunning.Interrupt && error is not null && error != TurnErrors.Damaged)
                return error;
        }
    }

    // A turn whose process crashed and that no client follows would block its thread forever. Returns an error if the turn is damaged.
    private async Task<AppError?> TryContinueAsync(TurnKey key, CancellationToken cancellationToken)
    {
        try
        {
            if (await _turns.IsAbandonedAsync(key, cancellationToken))
                await _background.ScheduleAsync(key, cancellationToken);
            return null;
        }
        catch (TurnStoreException e) when (e.Reason == TurnStoreFailure.Damaged)
        {
            return TurnErrors.Damaged;
        }
    }

    private async Task<AppError?> StopAsync(TurnKey key, TimeSpan interval, CancellationToken cancellationToken, CancellationToken waiting)
    {
        if (await _turns.StopAsync(key, cancellationToken) is { Code: not ErrorCode.NotFound } notStopped)
        {
            if (notStopped == TurnErrors.Damaged)
                await Task.Delay(interval, _time, waiting); // another process may still run it
            return notStopped;
        }

        return await WaitForEndAsync(key, interval, waiting) == TurnErrors.Damaged ? TurnErrors.Damaged : null;
    }

    private async Task<Result<ThreadPosition>> AtAsync(
        ThreadDocument thread, string? parentId, IfRunning ifRunning, CancellationToken cancellationToken, bool isLast = false)
    {
        var parent = isLast && thread.Turns is [.., var last] ? last.TurnId : parentId == ThreadPosition.Root ? null : parentId;
        var bytes = thread.PathTo(parent).Sum(turn => turn.Bytes);
        if (bytes > _options.MaxConversationBytes)
            return ThreadErrors.TooLong(_options.MaxConversationBytes);
        var held = _memory.Keep(thread.User, $"thread {thread.Id}", bytes);
        if (!held.Succeeded)
            return held.Error;
        using var reading = held.Value;
        return new ThreadPosition(thread.Key, parent, thread, await _conversations.ReadThreadAsync(thread, parent, cancellationToken))
        {
            IfRunning = ifRunning,
            FollowsLast = isLast,
        };
    }

    // As a follower: a turn that was interrupted continues, and one that runs here is not stopped because no client follows it.
    private async Task<AppError?> WaitForEndAsync(TurnKey key, TimeSpan interval, CancellationToken cancellationToken)
    {
        var followed = await FollowAsync();
        if (followed.Value?.Follower is { } follower)
        {
            await using (follower)
                await ReadToEndAsync(follower);

            await followed.Value.Completion.WaitAsync(cancellationToken);
        }

        await Task.Delay(interval, _time, cancellationToken);
        return followed.Error;

        // What this reads of the turn is not held until it ends, nor while its conversation is read.
        async Task<Result<FollowedTurn>> FollowAsync()
        {
            using var reads = _memory.BeginStep();
            return await _turns.FollowAsync(key, after: 0, cancellationToken);
        }
    }

    private static async Task ReadToEndAsync(TurnFollower follower)
    {
        try
        {
            await follower.ReadToEndAsync();
        }
        catch (TurnStoreException e) when (e.Reason == TurnStoreFailure.Damaged)
        {
            // A damaged turn counts as failed when its thread is read.
        }
    }

    // Before the turn was stored, another request may have deleted it, or ended it as lost: it would run although no thread has it, or next to another turn.
    private async Task<AppError?> FindEndedAsync(ThreadKey key, FollowedTurn started, ChatTurnRequest request)
    {
        ThreadTurn? known;
        try
        {
            known = (await _threads.ReadAsync(key, CancellationToken.None))?.Thread.Find(started.TurnId);
            if (known is { IsLost: true })
                known = (await _threads.ChangeAsync(key, thread => ThreadSettlement.Restored(thread, started.TurnId, request.Fingerprint), CancellationToken.None))?.Thread.Find(started.TurnId);
            if (known is { IsLost: false })
                return null;
        }
        catch (TurnStoreException)
        {
            return null; // The store can't tell, and the turn runs.
        }

        if (started.Follower is { } follower)
            await follower.DisposeAsync();
        var turn = key.Turn(started.TurnId);
        if (known is null)
            return await _removal.RemoveAsync(_turns, turn, CancellationToken.None) ?? ThreadErrors.TurnIsBeingDeleted;
        if (await _turns.StopAsync(turn, CancellationToken.None) is { } notStopped)
            return notStopped;
        await started.Completion;
        return ThreadErrors.NotStarted;
    }

    /// <summary>The place of a request among those of its user that wait.</summary>
    private sealed class QueuePlace(ConcurrentTurnLimiter waiting, string user) : IDisposable
    {
        private bool _isTaken;

        public AppError? Take(bool isAdmitted)
        {
            if (_isTaken)
                return null;
            if (isAdmitted)
                waiting.Enter(user);
            else if (waiting.TryEnter(user) is { } tooMany)
                return tooMany;
            _isTaken = true;
            return null;
        }

        public void Dispose()
        {
            if (_isTaken)
                waiting.Leave(user);
        }
    }
}
