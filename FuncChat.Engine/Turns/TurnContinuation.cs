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

    /// <summary>Opens a stored turn; null if there is none.</summary>
    /// <param name="keepAfter">The id of the last event that a client has, who follows from there.</param>
    public async Task<ReplayedTurn?> OpenAsync(TurnKey key, CancellationToken cancellationToken, long keepAfter = long.MaxValue) =>
        await _storage.OpenAsync(key, cancellationToken) is { } reader
            ? new ReplayedTurn(key, reader, _storage.OpenInbox(key), kinds, scope, keepAfter)
            : null;

    /// <summary>Shares what the followers of a turn do while it runs elsewhere.</summary>
    public RemoteTurn Watch(TurnKey key, TurnRequest request)
    {
        var entry = runtime.Remote.Rent(key);
        return new RemoteTurn(entry, runtime.Remote, request.GraceOf(runtime.Options), token => TryContinueAsync(key, token, followers: true));
    }

    /// <summary>Whether a parked turn can continue: it has received a signal that it has not acted on, or a request has expired.</summary>
    public static async Task<bool> CanContinueAsync(ReplayedTurn parked, CancellationToken cancellationToken)
    {
        await parked.ReceiveSignalsAsync(cancellationToken);
        if (parked.IsStopped)
            return true;
        await parked.LoadAsync(cancellationToken);
        if (parked.Handler.Value is not { } handler)
            return parked.Signals > 0;
        await parked.ReadAsync(cancellationToken);
        return !handler.IsWaiting;
    }

    /// <summary>Whether the turn is deleted although it is still stored.</summary>
    /// <exception cref="TurnStoreException">A store failed, or the turn is damaged.</exception>
    public async Task<bool> IsDeletedAsync(TurnKey key, ReplayedTurn stored, CancellationToken cancellationToken)
    {
        await stored.LoadAsync(cancellationToken);
        return (await ReadRecordAsync(key, stored.Header, cancellationToken)).IsDeleted;
    }

    /// <summary>Continues a turn that no process runs; null if another process does, or it has ended.</summary>
    /// <param name="stored">The turn, if it is open already.</param>
    /// <param name="stop">The error that ends the turn at once, if it is continued only to be stopped.</param>
    /// <param name="followers">Whether followers ask, of whom one at a time is enough.</param>
    public async Task<ContinuedTurn?> TryContinueAsync(
        TurnKey key, CancellationToken cancellationToken, ReplayedTurn? stored = null, AppError? stop = null, bool followers = false)
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
                return await AcquireAsync(key, stored, stop, cancellationToken);
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
        using var reads = runtime.Memory.BeginReads(ReadLimit.None);
        await turn.Completion;
        if (!turn.IsParked)
        {
            foreach (var observer in scope.GetServices<ITurnObserver>())
                await observer.LeftAsync(key, request, turn.End);
            return;
        }

        foreach (var observer in scope.GetServices<ITurnObserver>())
            await observer.ParkedAsync(key);

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

    private async Task<ContinuedTurn?> AcquireAsync(TurnKey key, ReplayedTurn? stored, AppError? stop, CancellationToken cancellationToken)
    {
        if (await _storage.TryAcquireAsync(key, cancellationToken) is not { } writer)
            return null;
        RunningTurn? running = null;
        TurnRequest? request = null;
        try
        {
            await using var opened = stored is null ? await OpenAsync(key, cancellationToken) : null;
            if ((stored ?? opened) is { } turn)
            {
                running = await StartAsync(key, turn, writer, stop, cancellationToken);
                request = turn.Header.Request;
            }
        }
        finally
        {
            if (running is null)
                await writer.DisposeAsync();
        }

        return running is null ? null : new ContinuedTurn(running, CompleteAsync(key, request!, running));
    }

    private async Task<RunningTurn?> StartAsync(TurnKey key, ReplayedTurn stored, ITurnWriter writer, AppError? stop, CancellationToken cancellationToken)
    {
        await stored.ReadAsync(cancellationToken);
        await stored.ReceiveSignalsAsync(cancellationToken);
        var (header, handler, replay) = (stored.Header, stored.Handler, stored.Replay);
        if (replay.Status == TurnStatus.Ended)
            return null;

        // Once this process has the lease: a deletion that begins later stops the turn here.
        var record = await ReadRecordAsync(key, header, cancellationToken, isNeeded: stop is null);
        if (record.HasEnded)
            throw new TurnStoreException(TurnStoreFailure.Damaged, "The log of a turn that has ended lacks its end.");
        if (stop is null && record.IsDeleted)
        {
            // Its followers see the same end as if the deletion had stopped it.
            await runtime.FailAsync(writer, TurnErrors.Stopped);
            return null;
        }

        var attempts = await writer.CountAttemptAsync(replay.ProgressId, cancellationToken);
        var impossible = !handler.Succeeded ? TurnErrors.CannotContinue(handler.Error)
            : attempts > MaxAttempts ? TurnErrors.GivenUp(MaxAttempts)
            : null;
        if (impossible is not null)
        {
            await runtime.FailAsync(writer, impossible);
            return null;
        }

        var turn = runtime.Create(
            key, header, isContinued: true, kinds.NameOf(header.Request), handler.Value!, writer, TimeLeft(header, replay), stored.Inbox);
        if (stop is not null || stored.IsStopped)
            turn.Stop(stop ?? TurnErrors.Stopped);
        runtime.Limits.Enter(key.User);
        runtime.Start(key, turn, runtime.Memory.HoldAdmitted(key.User, stored.HeaderLength));
        runtime.Memory.ReleaseReads();
        return turn;
    }

    // A turn can be stopped while the store of the threads is out: the end that a thread records is final.
    private async Task<TurnRecord> ReadRecordAsync(TurnKey key, TurnHeader header, CancellationToken cancellationToken, bool isNeeded = true)
    {
        try
        {
            return await scope.GetRequiredService<ITurnRecords>().ReadAsync(key, header.Request, cancellationToken);
        }
        catch (TurnStoreException) when (!isNeeded)
        {
            return default;
        }
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
