using FuncChat.Engine.Store;
using FuncChat.Engine.Telemetry;

namespace FuncChat.Engine.Turns;

/// <summary>Creates turns, each once: the same id and request again find the turn that the first one has created.</summary>
internal sealed class TurnCreation(TurnRuntime runtime, TurnKinds kinds, IServiceProvider scope, TurnContinuation continuation)
{
    // How long a store may take for the first events of a turn: as long as for its creation. Another request for the turn waits for them as long.
    private static readonly TimeSpan LongestBeginning = TimeSpan.FromSeconds(10);

    // Between two looks for a turn that another request, or another instance, is creating: longer after each.
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(50);
    private const int LongestIntervals = 10;

    private readonly TurnStorage _storage = runtime.Storage;

    /// <summary>Creates a turn and runs it here.</summary>
    /// <returns>The new turn with its follower, or the existing one without.</returns>
    public async Task<Result<FollowedTurn>> StartAsync(TurnKey key, TurnRequest request, CancellationToken cancellationToken)
    {
        if (runtime.Limits.TryEnter(key.User) is { } tooMany)
            return await FindSameAsync(key, request, cancellationToken) ?? tooMany;
        var started = false;
        try
        {
            return await StartAsync(key, request, () => started = true, cancellationToken);
        }
        finally
        {
            if (!started)
                runtime.Limits.Leave(key.User);
        }
    }

    /// <summary>Creates a turn without running it.</summary>
    /// <returns>The new or the existing turn, without a follower.</returns>
    public async Task<Result<FollowedTurn>> CreateAsync(TurnKey key, TurnRequest request, CancellationToken cancellationToken)
    {
        if (await FindSameAsync(key, request, cancellationToken) is { } known)
            return known;
        if (runtime.Limits.TryEnter(key.User) is { } tooMany)
            return tooMany;
        runtime.Limits.Leave(key.User); // It counts where it runs.
        if (kinds.Create(key, request, scope) is { Succeeded: false, Error: var impossible })
            return impossible!;
        var header = HeaderOf(key, request);
        var frame = header.ToFrame(kinds);
        if (await runtime.Usage.AddRequestAsync(key.User, frame.Length) is { } reached)
            return reached;
        var writer = await _storage.CreateAsync(key, frame, cancellationToken);
        if (writer is null)
        {
            (writer, var existing) = await WaitAsync(key, request, frame, runs: false, cancellationToken);
            if (writer is null)
                return existing;
        }

        await writer.DisposeAsync();
        return FollowedTurn.Of(header, null, Task.CompletedTask) with { IsNew = true };
    }

    private async Task<Result<FollowedTurn>> StartAsync(TurnKey key, TurnRequest request, Action started, CancellationToken cancellationToken)
    {
        var handler = kinds.Create(key, request, scope);
        if (!handler.Succeeded)
            return handler.Error;
        var header = HeaderOf(key, request);
        var frame = header.ToFrame(kinds);

        // What was read of the conversation is in the frame.
        runtime.Memory.ReleaseReads();
        var memory = runtime.Memory.Hold(key.User, frame.Length);
        if (!memory.Succeeded)
            return await FindSameAsync(key, request, cancellationToken) ?? memory.Error;
        var begun = false;
        try
        {
            if (await runtime.Usage.AddRequestAsync(key.User, frame.Length) is { } reached)
                return await FindSameAsync(key, request, cancellationToken) ?? reached;
            if (await _storage.BeginAsync(key, frame, cancellationToken) is { } writer)
                return await BeginAsync(writer);
            var (late, same) = await WaitAsync(key, request, frame, runs: true, cancellationToken);
            return late is null ? same : await BeginAsync(late);
        }
        finally
        {
            if (!begun)
                memory.Value.Dispose();
        }

        async Task<FollowedTurn> BeginAsync(ITurnWriter writer)
        {
            try
            {
                var turn = runtime.Create(
                    key, header, isContinued: false, kinds.NameOf(request), handler.Value, writer, runtime.Options.MaxDuration, _storage.OpenInbox(key));
                var follower = turn.Follow(after: 0, cancellationToken);
                started();
                begun = true;
                runtime.Start(key, turn, memory.Value);
                runtime.Memory.ReleaseReads();
                turn.StoreBeginning();
                var completion = continuation.CompleteAsync(key, request, turn);
                await ExistsAsync(turn, follower, completion);
                return FollowedTurn.Of(header, follower, completion) with { IsNew = true };
            }
            finally
            {
                if (!begun)
                    await writer.DisposeAsync();
            }
        }
    }

    // No client learns of a turn that other instances can't follow and stop yet. The model is called meanwhile.
    private async Task ExistsAsync(RunningTurn turn, TurnFollower follower, Task completion)
    {
        try
        {
            await turn.Begun.WaitAsync(LongestBeginning, runtime.Time);
        }
        catch (TimeoutException)
        {
            turn.Abandon();
            await turn.Begun;
        }

        if (turn.Failure is not { } failure)
            return;
        await follower.DisposeAsync();
        await completion;
        throw new TurnStoreException(failure.Reason, failure.Message, failure);
    }

    // Another request is creating the turn. If that one fails, this one creates it, and has its writer.
    private async Task<(ITurnWriter? Writer, Result<FollowedTurn> Existing)> WaitAsync(
        TurnKey key, TurnRequest request, ReadOnlyMemory<byte> frame, bool runs, CancellationToken cancellationToken)
    {
        var started = runtime.Time.GetTimestamp();
        for (var looks = 1; ; looks++)
        {
            if (await FindSameAsync(key, request, cancellationToken) is { } same)
                return (null, same);
            if (runtime.Time.GetElapsedTime(started) >= LongestBeginning)
                return (null, TurnErrors.BeingCreated);
            await Task.Delay(ShortestInterval * Math.Min(looks, LongestIntervals), runtime.Time, cancellationToken);
            if (await (runs ? _storage.BeginAsync(key, frame, cancellationToken) : _storage.CreateAsync(key, frame, cancellationToken)) is { } writer)
                return (writer, default);
        }
    }

    private TurnHeader HeaderOf(TurnKey key, TurnRequest request) =>
        new(key.TurnId, key.User, runtime.Time.GetUtcNow(), request) { TraceParent = TurnTelemetry.Origin };

    // Null if there is no such turn, or not yet.
    private async Task<Result<FollowedTurn>?> FindSameAsync(TurnKey key, TurnRequest request, CancellationToken cancellationToken)
    {
        await using var reader = await _storage.OpenAsync(key, cancellationToken);
        if (reader is null)
            return null;
        var header = TurnHeader.Parse((await reader.ReadHeaderAsync(cancellationToken)).Span, kinds);
        return header.Request.IsSameAs(request) ? FollowedTurn.Of(header, null, Task.CompletedTask) : TurnErrors.OtherBody;
    }
}
