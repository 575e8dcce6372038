using FuncChat.Engine.Store;
using FuncChat.Engine.Telemetry;

namespace FuncChat.Engine.Turns;

/// <summary>A turn that a client follows.</summary>
/// <param name="Follower">Its events; null if the client has them all.</param>
/// <param name="Completion">
/// Completes when the turn no longer runs in this process. A request that started or continued a turn stays open until then, since a host may remove
/// an instance that serves no requests.
/// </param>
public sealed record FollowedTurn(string TurnId, TurnFollower? Follower, Task Completion);

/// <summary>
/// Starts turns, follows them, continues those that were interrupted, and stops them. Belongs to the scope of a request: turns that the request starts
/// or continues use the services of its scope, such as its tool runner.
/// </summary>
public sealed class TurnService(TurnRuntime runtime, TurnKinds kinds, IServiceProvider scope)
{
    // Another request, or another instance, may be creating the same turn.
    private static readonly TimeSpan CreationInterval = TimeSpan.FromMilliseconds(50);
    private const int MaxCreationAttempts = 40;

    private readonly ITurnStore _store = runtime.Store;

    /// <summary>Starts a turn. The same id and request again follow the existing turn.</summary>
    /// <param name="turnId">The client's own id, or null for a new one.</param>
    /// <param name="cancellationToken">Ends the following, not the turn.</param>
    public async Task<Result<FollowedTurn>> StartAsync(string user, string? turnId, TurnRequest request, CancellationToken cancellationToken)
    {
        if (runtime.IsDraining)
            return TurnErrors.Draining;
        var key = new TurnKey(user, turnId ?? TurnKey.NewTurnId());
        if (runtime.Limits.TryEnter(user) is { } tooMany)
            return await TryFollowSameAsync(key, request, cancellationToken) ?? tooMany;

        RunningTurn? turn = null;
        try
        {
            var header = new TurnHeader(key.TurnId, user, runtime.Time.GetUtcNow(), request) { TraceParent = TurnTelemetry.Origin };
            var handler = kinds.Create(key, request, scope);
            if (!handler.Succeeded)
                return handler.Error;
            for (var attempt = 1; turn is null; attempt++)
            {
                if (await _store.CreateAsync(key, header.ToFrame(kinds), cancellationToken) is { } writer)
                    turn = runtime.Start(key, request, kinds.NameOf(request), handler.Value, writer, lastId: 0);
                else if (await TryFollowSameAsync(key, request, cancellationToken) is { } same)
                    return same;
                else if (attempt == MaxCreationAttempts)
                    return TurnErrors.Internal;
                else
                    await Task.Delay(CreationInterval, runtime.Time, cancellationToken);
            }
        }
        finally
        {
            if (turn is null)
                runtime.Limits.Leave(user);
        }

        return new FollowedTurn(key.TurnId, await turn.FollowAsync(after: 0, cancellationToken), turn.Completion);
    }

    /// <summary>Follows a turn from the event after <paramref name="after"/>, and continues it first if no process runs it any more.</summary>
    /// <param name="cancellationToken">Ends the following, not the turn.</param>
    public async Task<Result<FollowedTurn>> FollowAsync(TurnKey key, long after, CancellationToken cancellationToken)
    {
        if (runtime.Live.TryGet(key, out var turn))
            return new FollowedTurn(key.TurnId, await turn.FollowAsync(after, cancellationToken), turn.Completion);

        var reader = await _store.OpenAsync(key, cancellationToken);
        if (reader is null)
            return TurnErrors.NotFound;
        var position = await EventLogReader.FindAsync(reader, after, cancellationToken);
        if (position.EndOffset == 0)
        {
            await reader.DisposeAsync();
            return TurnErrors.NotFound;
        }

        if (position.Ended && position.Offset == position.EndOffset)
        {
            await reader.DisposeAsync();
            return new FollowedTurn(key.TurnId, null, Task.CompletedTask);
        }

        if (!position.Ended && await ContinueAsync(key, cancellationToken) is { } continued)
        {
            await reader.DisposeAsync();
            return new FollowedTurn(key.TurnId, await continued.FollowAsync(after, cancellationToken), continued.Completion);
        }

        var follower = new StoredFollower(
            reader, position, after, token => ContinueAsync(key, token), () => runtime.IsDraining, runtime.Options.Heartbeat, runtime.Time,
            cancellationToken);
        return new FollowedTurn(key.TurnId, follower, follower.Completion);
    }

    /// <summary>Stops a turn, wherever it runs. Does nothing if it has ended.</summary>
    /// <returns>Null, or an error if there is no such turn.</returns>
    public async Task<AppError?> StopAsync(TurnKey key, CancellationToken cancellationToken)
    {
        if (!runtime.Live.TryGet(key, out var turn))
        {
            var position = await FindEndAsync(key, cancellationToken);
            if (position.EndOffset == 0)
                return TurnErrors.NotFound;
            if (position.Ended)
                return null;
            turn = await ContinueAsync(key, cancellationToken, TurnErrors.Stopped);
        }

        if (turn is null)
        {
            await _store.RequestStopAsync(key, cancellationToken);
            return null;
        }

        turn.Stop(TurnErrors.Stopped);
        await turn.Completion.WaitAsync(cancellationToken);
        return null;
    }

    private async Task<LogPosition> FindEndAsync(TurnKey key, CancellationToken cancellationToken)
    {
        await using var reader = await _store.OpenAsync(key, cancellationToken);
        return reader is null ? default : await EventLogReader.FindAsync(reader, 0, cancellationToken);
    }

    // Null if there is no such turn, or not yet.
    private async Task<Result<FollowedTurn>?> TryFollowSameAsync(TurnKey key, TurnRequest request, CancellationToken cancellationToken)
    {
        await using (var reader = await _store.OpenAsync(key, cancellationToken))
        {
            if (reader is null || await TurnHeader.ReadAsync(reader, kinds, cancellationToken) is not { } header)
                return null;
            if (header.Request.Fingerprint != request.Fingerprint)
                return TurnErrors.OtherBody;
        }

        return await FollowAsync(key, after: 0, cancellationToken);
    }

    /// <summary>Continues a turn that no process runs; null if another process runs it, or it has ended.</summary>
    /// <param name="stop">The error that ends the turn at once, if it is continued only to be stopped.</param>
    private async Task<RunningTurn?> ContinueAsync(TurnKey key, CancellationToken cancellationToken, AppError? stop = null)
    {
        await runtime.Continuing.WaitAsync(cancellationToken);
        try
        {
            if (runtime.Live.TryGet(key, out var turn))
                return turn;
            if (runtime.IsDraining || await _store.ContinueAsync(key, cancellationToken) is not { } writer)
                return null;
            return await ContinueAsync(key, writer, stop, cancellationToken);
        }
        finally
        {
            runtime.Continuing.Release();
        }
    }

    private async Task<RunningTurn?> ContinueAsync(TurnKey key, ITurnWriter writer, AppError? stop, CancellationToken cancellationToken)
    {
        RunningTurn? turn = null;
        try
        {
            await using var reader = await _store.OpenAsync(key, cancellationToken);
            if (reader is null)
                return null;
            var replay = await TurnReplay.ReadAsync(reader, kinds, request => kinds.Create(key, request, scope), cancellationToken);
            if (replay.Ended)
                return null;
            if (!replay.Program.Succeeded)
            {
                await runtime.FailAsync(writer, replay.LastId, replay.Program.Error);
                return null;
            }

            runtime.Limits.Enter(key.User);
            var request = replay.Header.Request;
            return turn = runtime.Start(key, request, kinds.NameOf(request), replay.Program.Value, writer, replay.LastId, replay.Header, stop);
        }
        finally
        {
            if (turn is null)
                await writer.DisposeAsync();
        }
    }
}
