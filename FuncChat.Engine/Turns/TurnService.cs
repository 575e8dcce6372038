using FuncChat.Engine.Store;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Turns;

/// <summary>
/// Starts turns, follows them, continues those that were interrupted or receive a signal, and stops them. Belongs to the scope of a request: turns that
/// the request starts or continues use the services of its scope, such as its tool runner.
/// </summary>
public sealed partial class TurnService
{
    // How long a request waits until a turn that it stops has stored its end.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private readonly TurnRuntime _runtime;
    private readonly TurnKinds _kinds;
    private readonly TurnStorage _storage;
    private readonly ILogger _logger;
    private readonly TurnContinuation _continuation;
    private readonly TurnCreation _creation;
    private readonly SignalSender _sending;

    public TurnService(TurnRuntime runtime, TurnKinds kinds, IServiceProvider scope)
    {
        _runtime = runtime;
        _kinds = kinds;
        _storage = runtime.Storage;
        _logger = runtime.Logger;
        _continuation = new TurnContinuation(runtime, kinds, scope);
        _creation = new TurnCreation(runtime, kinds, scope, _continuation);
        _sending = new SignalSender(runtime.Storage, runtime.Usage);
    }

    /// <summary>Starts a turn. The same id and request again follow the existing turn.</summary>
    /// <param name="turnId">The client's own id, or null for a new one.</param>
    /// <param name="cancellationToken">Ends the following, not the turn.</param>
    /// <param name="after">The id of the last event that the client has of an existing turn; ignored for a new one.</param>
    public Task<Result<FollowedTurn>> StartAsync(
        string user, string? turnId, TurnRequest request, CancellationToken cancellationToken, long after = 0) =>
        OrStoreErrorAsync(turnId, async () =>
        {
            if (_runtime.IsDraining)
                return TurnErrors.Draining;
            var key = new TurnKey(user, turnId ?? TurnKey.NewTurnId());
            var turn = await _creation.StartAsync(key, request, cancellationToken);
            return turn is { Succeeded: true, Value.IsNew: false } ? await FollowAsync(key, after, cancellationToken) : turn;
        });

    /// <summary>Creates a turn without running it: it runs once it is followed or scheduled. The same id and request again find the existing turn.</summary>
    /// <param name="turnId">The client's own id, or null for a new one.</param>
    /// <returns>The turn, without a follower.</returns>
    public Task<Result<FollowedTurn>> CreateAsync(string user, string? turnId, TurnRequest request, CancellationToken cancellationToken) =>
        OrStoreErrorAsync(turnId, async () =>
        {
            if (_runtime.IsDraining)
                return TurnErrors.Draining;
            return await _creation.CreateAsync(new TurnKey(user, turnId ?? TurnKey.NewTurnId()), request, cancellationToken);
        });

    /// <summary>Follows a turn from the event after <paramref name="after"/>, and continues it first if no process runs it any more.</summary>
    /// <param name="cancellationToken">Ends the following, not the turn.</param>
    /// <param name="findError">Whether the client can't follow a turn that was started with this request: then it is not continued either.</param>
    public Task<Result<FollowedTurn>> FollowAsync(
        TurnKey key, long after, CancellationToken cancellationToken, Func<TurnRequest, AppError?>? findError = null) => OrStoreErrorAsync(key.TurnId, async () =>
    {
        if (_runtime.Live.TryGet(key, out var running))
            return findError?.Invoke(running.Header.Request) is { } unfit ? unfit : FollowedTurn.Of(running.Header, running.Follow(after, cancellationToken), Task.CompletedTask);

        await using var stored = await _continuation.OpenAsync(key, cancellationToken, keepAfter: after);
        if (stored is null || await _continuation.IsDeletedAsync(key, stored, cancellationToken))
            return TurnErrors.NotFound;
        if (findError?.Invoke(stored.Header.Request) is { } error)
            return error;
        var end = await stored.FindEndAsync(cancellationToken);
        var continues = end.Status == TurnStatus.Running
            || (end.Status == TurnStatus.Parked && await TurnContinuation.CanContinueAsync(stored, cancellationToken));
        if (!continues && after >= end.LastId)
            return FollowedTurn.Of(stored.Header, null, Task.CompletedTask);
        if (continues && await _continuation.TryContinueAsync(key, cancellationToken, stored) is var (turn, completion))
            return FollowedTurn.Of(stored.Header, turn.Follow(after, cancellationToken, stored.Kept), completion) with { IsContinued = true };

        var follower = new StoredFollower(
            stored.TakeReader(), after, stored.Kept, _continuation.Watch(key, stored.Header.Request), continues ? end.LastId : null, () => _runtime.IsDraining,
            _runtime.Options.Heartbeat, _runtime.Time, cancellationToken);
        return FollowedTurn.Of(stored.Header, follower, follower.Completion) with { LastEventId = continues ? null : end.LastId };
    });

    /// <summary>Looks whether a turn exists and can be followed, without continuing it.</summary>
    /// <param name="findError">Whether the client can't follow a turn that was started with this request.</param>
    /// <returns>Null, or an error if there is no such turn, or the client can't follow it.</returns>
    public Task<AppError?> FindErrorAsync(TurnKey key, CancellationToken cancellationToken, Func<TurnRequest, AppError?>? findError = null) => OrStoreErrorAsync(key.TurnId, async () =>
    {
        if (_runtime.Live.TryGet(key, out var running))
            return findError?.Invoke(running.Header.Request);
        await using var stored = await _continuation.OpenAsync(key, cancellationToken);
        return stored is null || await _continuation.IsDeletedAsync(key, stored, cancellationToken) ? TurnErrors.NotFound : findError?.Invoke(stored.Header.Request);
    });

    /// <summary>Whether a turn would continue if a client followed it: it is not at its end, does not wait for a person, and no process runs it.</summary>
    /// <exception cref="TurnStoreException">The store failed, or the turn is damaged.</exception>
    internal async Task<bool> IsAbandonedAsync(TurnKey key, CancellationToken cancellationToken)
    {
        if (_runtime.IsDraining || _runtime.Live.TryGet(key, out _))
            return false;
        await using var stored = await _continuation.OpenAsync(key, cancellationToken);
        if (stored is null)
            return false;
        var end = await stored.FindEndAsync(cancellationToken);
        if (end.Status == TurnStatus.Ended || (end.Status == TurnStatus.Parked && !await TurnContinuation.CanContinueAsync(stored, cancellationToken)))
            return false;

        if (await _storage.IsRunAsync(key, cancellationToken))
            return false;

        // A damaged turn can't continue.
        await stored.ReadAsync(cancellationToken);
        return true;
    }

    /// <summary>Stops a turn on whichever instance runs it, even if its log is damaged meanwhile. Does nothing if it has ended.</summary>
    /// <returns>Null, or an error if there is no such turn, its stop could not be stored, or it is damaged and no process runs it.</returns>
    public Task<AppError?> StopAsync(TurnKey key, CancellationToken cancellationToken) => OrStoreErrorAsync(key.TurnId, async () =>
    {
        if (!_runtime.Live.TryGet(key, out var turn))
        {
            using var reads = _runtime.Memory.BeginReads(ReadLimit.Wait);
            await using var stored = await _continuation.OpenAsync(key, cancellationToken);
            if (stored is null)
                return TurnErrors.NotFound;
            try
            {
                if ((await stored.FindEndAsync(cancellationToken)).Status == TurnStatus.Ended)
                    return null;

                // Before the turn is locked, since this may wait for memory.
                await stored.LoadAsync(cancellationToken);
                turn = (await _continuation.TryContinueAsync(key, cancellationToken, stored, TurnErrors.Stopped))?.Turn;
            }
            catch (TurnStoreException e) when (e.Reason == TurnStoreFailure.Damaged)
            {
                if (!await _storage.IsRunAsync(key, cancellationToken))
                    throw;
            }
        }

        if (turn is null)
        {
            await _sending.StopAsync(key, cancellationToken);
            return null;
        }

        turn.Stop(TurnErrors.Stopped);
        try
        {
            await turn.Completion.WaitAsync(StopTimeout, _runtime.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return TurnErrors.StoreUnavailable;
        }

        return turn.Failure is { } failure ? TurnErrors.Of(failure) : null;
    });

    /// <summary>
    /// Sends a signal to a turn, and continues the turn if it is parked. The signal is stored first: whichever instance runs the turn, now or later,
    /// receives it. Of several answers to one request, the first that is stored counts; the same answer again succeeds.
    /// </summary>
    /// <returns>
    /// The error, if there is one, and the completion of the turn if this call continued it: the request stays open until then.
    /// </returns>
    /// <param name="findError">Whether the client can't follow a turn that was started with this request: then nothing is sent.</param>
    public Task<(AppError? Error, Task Completion)> SignalAsync(
        TurnKey key, TurnSignal signal, CancellationToken cancellationToken, Func<TurnRequest, AppError?>? findError = null) =>
        SignalAsync(key, [signal], continues: true, cancellationToken, findError);

    /// <inheritdoc cref="SignalAsync(TurnKey, TurnSignal, CancellationToken, Func{TurnRequest, AppError?})"/>
    /// <summary>Sends several signals, and continues the turn with all of them.</summary>
    /// <returns>
    /// The first error, and the completion of the turn if this call continued it. A signal that is not valid keeps all of them from being sent; one that comes too
    /// late, or that contradicts an earlier answer, no other.
    /// </returns>
    /// <param name="continues">Whether a parked turn continues here. Otherwise, it continues once it is followed or scheduled.</param>
    public async Task<(AppError? Error, Task Completion)> SignalAsync(
        TurnKey key, IReadOnlyList<TurnSignal> signals, bool continues, CancellationToken cancellationToken, Func<TurnRequest, AppError?>? findError = null)
    {
        // An answer of a person is not refused: what it reads first, before a turn is locked, waits for memory.
        using var reads = _runtime.Memory.BeginReads(ReadLimit.Wait);
        var completion = Task.CompletedTask;
        var error = await OrStoreErrorAsync(key.TurnId, async () =>
        {
            if (_runtime.IsDraining)
                return TurnErrors.Draining;
            await using var stored = await _continuation.OpenAsync(key, cancellationToken);
            if (stored is null || await _continuation.IsDeletedAsync(key, stored, cancellationToken))
                return TurnErrors.NotFound;
            if (findError?.Invoke(stored.Header.Request) is { } unfit)
                return unfit;
            if (signals.Count > 1 && await _sending.FindInvalidAsync(key, stored, signals, cancellationToken) is { } invalid)
                return invalid;
            AppError? first = null;
            var sent = false;
            foreach (var signal in signals)
            {
                var refused = await _sending.SendAsync(key, stored, signal, cancellationToken);
                first ??= refused;
                sent |= refused is null;
            }

            if (!sent)
                return first;
            if (_runtime.Live.TryGet(key, out var running))
                await running.ReceiveSignalsAsync(cancellationToken);
            else if (continues && await _continuation.TryContinueAsync(key, cancellationToken, stored) is { } continued)
                completion = continued.Completion;
            return first;
        });
        return (error, completion);
    }

    /// <summary>Begins work that reads turns and is not refused, since it runs a turn that was admitted.</summary>
    internal HeldReads BeginAdmitted() => _runtime.Memory.BeginReads(ReadLimit.None);

    /// <summary>The turn's status; null if there is no such turn.</summary>
    /// <exception cref="TurnStoreException">The store failed.</exception>
    internal async Task<TurnStatus?> FindStatusAsync(TurnKey key, CancellationToken cancellationToken)
    {
        await using var reader = await _storage.OpenAsync(key, cancellationToken);
        return reader is null ? null : (await reader.ReadAsync(long.MaxValue, cancellationToken)).Status;
    }

    /// <summary>The request that the turn was started with; null if there is no such turn.</summary>
    /// <exception cref="TurnStoreException">The store failed.</exception>
    internal async Task<TurnRequest?> FindRequestAsync(TurnKey key, CancellationToken cancellationToken, ReadLimit limit = ReadLimit.Refuse)
    {
        using var reads = limit == ReadLimit.Refuse ? _runtime.Memory.BeginStep() : _runtime.Memory.BeginReads(limit);
        await using var reader = await _storage.OpenAsync(key, cancellationToken);
        return reader is null ? null : TurnHeader.Parse((await reader.ReadHeaderAsync(cancellationToken)).Span, _kinds).Request;
    }

    private async Task<Result<FollowedTurn>> OrStoreErrorAsync(string? turnId, Func<Task<Result<FollowedTurn>>> work)
    {
        try
        {
            return await work();
        }
        catch (TurnStoreException e)
        {
            return ErrorOf(e, turnId);
        }
    }

    private async Task<AppError?> OrStoreErrorAsync(string? turnId, Func<Task<AppError?>> work)
    {
        try
        {
            return await work();
        }
        catch (TurnStoreException e)
        {
            return ErrorOf(e, turnId);
        }
    }

    private AppError ErrorOf(TurnStoreException failure, string? turnId)
    {
        if (failure.Reason == TurnStoreFailure.Damaged)
        {
            if (_runtime.Damages.IsFirst(turnId ?? ""))
                LogDamaged(turnId, failure);
        }
        else if (failure.Reason != TurnStoreFailure.Busy)
        {
            LogStoreFailed(failure);
        }

        return TurnErrors.Of(failure);
    }

    [LoggerMessage(108, LogLevel.Warning, "Turn {TurnId} is damaged. This is logged once")]
    private partial void LogDamaged(string? turnId, Exception exception);

    [LoggerMessage(107, LogLevel.Error, "A request failed because of the turn store")]
    private partial void LogStoreFailed(Exception exception);
}
