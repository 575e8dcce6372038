using FuncChat.Engine.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Turns;

/// <summary>
/// Continues turns that were interrupted, or that are parked and have received a signal, with the services of one request's scope.
/// </summary>
internal sealed partial class TurnContinuation(TurnRuntime runtime, TurnKinds kinds, IServiceProvider scope)
{
    // Processes that died at the same step of a turn, before it is given up.
    private const int MaxAttempts = 4;

    // Between two attempts of followers to acquire the lease of a turn that runs elsewhere.
    private static readonly TimeSpan AttemptInterval = TimeSpan.FromMilliseconds(900);

    private readonly TurnStorage _storage = runtime.Storage;
    private readonly ILogger _logger = runtime.Logger;

    /// <summary>Shares what the followers of a turn do while it runs elsewhere.</summary>
    public RemoteTurn Watch(TurnKey key)
    {
        var entry = runtime.Remote.Rent(key);
        return new RemoteTurn(entry, runtime.Remote, token => TryContinueAsync(key, token, followers: true));
    }

    /// <summary>Whether a parked turn can continue: it has received a signal that it has not acted on, or a request has expired.</summary>
    public async Task<bool> CanContinueAsync(TurnKey key, CancellationToken cancellationToken)
    {
        var signals = await _storage.OpenInbox(key).ReadAsync(cancellationToken);
        if (signals.Any(signal => signal.Type == TurnSignal.Stop))
            return true;
        await using var reader = await _storage.OpenAsync(key, cancellationToken);
        if (reader is null)
            return false;
        if (kinds.Create(key, TurnHeader.Parse(reader.Header.Span, kinds).Request, scope).Value is not { } handler)
            return signals.Count > 0;
        await TurnReplay.RunAsync(reader, handler, cancellationToken);
        foreach (var signal in signals)
            handler.Receive(signal);
        return !handler.IsWaiting;
    }

    /// <summary>Continues a turn that no process runs; null if another process does, or it has ended.</summary>
    /// <param name="stop">The error that ends the turn at once, if it is continued only to be stopped.</param>
    /// <param name="followers">Whether followers ask, of whom one at a time is enough.</param>
    public async Task<ContinuedTurn?> TryContinueAsync(
        TurnKey key, CancellationToken cancellationToken, AppError? stop = null, bool followers = false)
    {
        var entry = runtime.Remote.Rent(key);
        try
        {
            await entry.Lock.WaitAsync(cancellationToken);
            try
            {
                if (runtime.Live.TryGet(key, out var running))
                    return new ContinuedTurn(running, Task.CompletedTask);
                if (runtime.IsDraining || (followers && entry.LastAttempt is { } last && runtime.Time.GetElapsedTime(last) < AttemptInterval))
                    return null;
                entry.LastAttempt = runtime.Time.GetTimestamp();
                return await AcquireAsync(key, stop, cancellationToken);
            }
            finally
            {
                entry.Lock.Release();
            }
        }
        finally
        {
            runtime.Remote.Release(entry);
        }
    }

    /// <summary>
    /// Ends when the turn no longer runs here. A signal may arrive while a turn is being parked, and its sender can't acquire the lease then: the turn continues
    /// from here.
    /// </summary>
    public async Task CompleteAsync(TurnKey key, TurnRequest request, RunningTurn turn)
    {
        await turn.Completion;
        if (!turn.IsParked)
        {
            foreach (var observer in scope.GetServices<ITurnObserver>())
                await observer.LeftAsync(key, request);
            return;
        }

        try
        {
            if (await turn.CanContinueAsync() && await TryContinueAsync(key, CancellationToken.None) is { } continued)
                await continued.Completion;
        }
        catch (TurnStoreException e)
        {
            // It continues with the next signal, or when it is followed.
            LogNotContinued(key.TurnId, e);
        }
    }

    private async Task<ContinuedTurn?> AcquireAsync(TurnKey key, AppError? stop, CancellationToken cancellationToken)
    {
        var inbox = _storage.OpenInbox(key);
        var signals = await inbox.ReadAsync(cancellationToken);
        if (await _storage.TryAcquireAsync(key, cancellationToken) is not { } writer)
            return null;
        RunningTurn? turn = null;
        TurnRequest? request = null;
        try
        {
            (turn, request) = await ReplayAsync(key, writer, inbox, signals, stop, cancellationToken);
        }
        finally
        {
            if (turn is null)
                await writer.DisposeAsync();
        }

        return turn is null ? null : new ContinuedTurn(turn, CompleteAsync(key, request!, turn));
    }

    private async Task<(RunningTurn? Turn, TurnRequest? Request)> ReplayAsync(
        TurnKey key, ITurnWriter writer, ITurnInbox inbox, IReadOnlyList<TurnSignal> signals, AppError? stop, CancellationToken cancellationToken)
    {
        await using var reader = await _storage.OpenAsync(key, cancellationToken);
        if (reader is null)
            return default;
        var header = TurnHeader.Parse(reader.Header.Span, kinds);
        var handler = kinds.Create(key, header.Request, scope);
        var replay = await TurnReplay.RunAsync(reader, handler.Value, cancellationToken);
        if (replay.Status == TurnStatus.Ended)
            return default;
        var attempts = await writer.CountAttemptAsync(replay.ProgressId, cancellationToken);
        var impossible = !handler.Succeeded ? TurnErrors.CannotContinue(handler.Error)
            : attempts > MaxAttempts ? TurnErrors.GivenUp(MaxAttempts)
            : null;
        if (impossible is not null)
        {
            await runtime.FailAsync(writer, impossible);
            return default;
        }

        var turn = runtime.Create(key, header.Request, kinds.NameOf(header.Request), handler.Value!, writer, TimeLeft(header, replay), inbox, header);
        foreach (var signal in signals.Where(signal => signal.Type != TurnSignal.Stop))
            handler.Value!.Receive(signal);
        if (stop is not null || signals.Any(signal => signal.Type == TurnSignal.Stop))
            turn.Stop(stop ?? TurnErrors.Stopped);
        runtime.Limits.Enter(key.User);
        runtime.Start(key, turn, runtime.Memory.HoldAdmitted(key.User, reader.Header.Length));
        return (turn, header.Request);
    }

    private TimeSpan TimeLeft(TurnHeader header, TurnReplay replay)
    {
        // Clocks may disagree: it is never more than the whole time.
        var now = runtime.Time.GetUtcNow();
        var taken = now - header.Started - replay.TimeParkedUntil(now);
        return taken > TimeSpan.Zero ? runtime.Options.MaxDuration - taken : runtime.Options.MaxDuration;
    }

    [LoggerMessage(106, LogLevel.Error, "Turn {TurnId} received a signal, but could not be continued")]
    private partial void LogNotContinued(string turnId, Exception exception);
}
