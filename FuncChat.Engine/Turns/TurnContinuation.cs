using FuncChat.Engine.Store;
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
        return new RemoteTurn(entry, runtime.Remote, token => TryContinueAsync(key, TurnStatus.Running, token, followers: true));
    }

    /// <summary>Continues a turn that no process runs; null if another process does, it has ended, or it is parked without a signal.</summary>
    /// <param name="stop">The error that ends the turn at once, if it is continued only to be stopped.</param>
    /// <param name="followers">Whether followers ask, of whom one at a time is enough.</param>
    public async Task<ContinuedTurn?> TryContinueAsync(
        TurnKey key, TurnStatus status, CancellationToken cancellationToken, AppError? stop = null, bool followers = false)
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
                return await AcquireAsync(key, status, stop, cancellationToken);
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
    /// Ends when the turn no longer runs here. A signal may arrive after a turn that is being parked has read its signals for the last time, and before it has
    /// released its lease, which the signal's sender could not acquire then: the turn continues from here.
    /// </summary>
    public async Task CompleteAsync(TurnKey key, RunningTurn turn)
    {
        await turn.Completion;
        try
        {
            if (turn.IsParked && await turn.ReceiveSignalsAsync(CancellationToken.None)
                && await TryContinueAsync(key, TurnStatus.Parked, CancellationToken.None) is { } continued)
            {
                await continued.Completion;
            }
        }
        catch (TurnStoreException e)
        {
            // It continues with the next signal, or when it is followed.
            LogNotContinued(key.TurnId, e);
        }
    }

    private async Task<ContinuedTurn?> AcquireAsync(TurnKey key, TurnStatus status, AppError? stop, CancellationToken cancellationToken)
    {
        // Without a signal, a parked turn stays parked.
        var inbox = _storage.OpenInbox(key);
        var signals = await inbox.ReadAsync(cancellationToken);
        if (status == TurnStatus.Parked && signals.Count == 0 && stop is null)
            return null;
        if (await _storage.TryAcquireAsync(key, cancellationToken) is not { } writer)
            return null;
        RunningTurn? turn = null;
        try
        {
            turn = await ReplayAsync(key, writer, inbox, signals, stop, cancellationToken);
        }
        finally
        {
            if (turn is null)
                await writer.DisposeAsync();
        }

        return turn is null ? null : new ContinuedTurn(turn, CompleteAsync(key, turn));
    }

    private async Task<RunningTurn?> ReplayAsync(
        TurnKey key, ITurnWriter writer, ITurnInbox inbox, IReadOnlyList<TurnSignal> signals, AppError? stop, CancellationToken cancellationToken)
    {
        await using var reader = await _storage.OpenAsync(key, cancellationToken);
        if (reader is null)
            return null;
        var header = TurnHeader.Parse(reader.Header.Span, kinds);
        var handler = kinds.Create(key, header.Request, scope);
        var replay = await TurnReplay.RunAsync(reader, handler.Value, cancellationToken);
        if (replay.Status == TurnStatus.Ended)
            return null;
        var attempts = await writer.CountAttemptAsync(replay.ProgressId, cancellationToken);
        var impossible = !handler.Succeeded ? TurnErrors.CannotContinue(handler.Error)
            : attempts > MaxAttempts ? TurnErrors.GivenUp(MaxAttempts)
            : null;
        if (impossible is not null)
        {
            await runtime.FailAsync(writer, impossible);
            return null;
        }

        var turn = runtime.Create(key, header.Request, kinds.NameOf(header.Request), handler.Value!, writer, TimeLeft(header, replay), inbox, header);
        foreach (var signal in signals.Where(signal => signal.Type != TurnSignal.Stop))
            handler.Value!.Receive(signal);
        if (stop is not null || signals.Any(signal => signal.Type == TurnSignal.Stop))
            turn.Stop(stop ?? TurnErrors.Stopped);
        runtime.Limits.Enter(key.User);
        runtime.Start(key, turn);
        return turn;
    }

    // No event tells when a turn was parked, and waiting does not count: from then on, its time counts from where it continues.
    private TimeSpan TimeLeft(TurnHeader header, TurnReplay replay) =>
        replay.WasParked ? runtime.Options.MaxDuration : runtime.Options.MaxDuration - (runtime.Time.GetUtcNow() - header.Started);

    [LoggerMessage(106, LogLevel.Error, "Turn {TurnId} received a signal, but could not be continued")]
    private partial void LogNotContinued(string turnId, Exception exception);
}
