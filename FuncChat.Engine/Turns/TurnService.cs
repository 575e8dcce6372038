using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Engine.Telemetry;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Usage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Turns;

/// <summary>A turn that somebody follows.</summary>
/// <param name="Follower">Its events; null where nothing is left to send.</param>
/// <param name="Completion">
/// Ends when the turn no longer runs in this process. A request that started or continued a turn stays until then, since a host may take away an
/// instance that serves none.
/// </param>
public sealed record FollowedTurn(string TurnId, TurnFollower? Follower, Task Completion);

/// <summary>Starts turns, follows them again, continues those that were interrupted, and stops them.</summary>
public sealed class TurnService : IDisposable
{
    // Another request, or another instance, may be about to create the same turn.
    private static readonly TimeSpan CreationInterval = TimeSpan.FromMilliseconds(50);
    private const int MaxCreationAttempts = 40;

    private readonly ITurnStore _log;
    private readonly TurnFactory _factory;
    private readonly TurnOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<TurnService> _logger;
    private readonly TurnUsage? _usage;
    private readonly EngineTelemetry _telemetry;
    private readonly RunningTurnRegistry _live = new();
    private readonly ConcurrentTurnLimiter _limits;
    private readonly SemaphoreSlim _continuing = new(1, 1);
    private bool _leaving;

    /// <param name="usage">Where what turns use is counted; null counts it nowhere.</param>
    public TurnService(
        ITurnStore log, TurnFactory factory, IOptions<TurnOptions> options, TimeProvider time, ILogger<TurnService> logger,
        IUsageCounter? usage = null, EngineTelemetry? telemetry = null)
    {
        _log = log;
        _factory = factory;
        _options = options.Value;
        _time = time;
        _logger = logger;
        _limits = new ConcurrentTurnLimiter(_options);
        _usage = usage is null ? null : new TurnUsage(usage, time, logger);
        _telemetry = telemetry ?? EngineTelemetry.Unhosted;
        telemetry?.Watch(_live);
    }

    internal RunningTurnRegistry Live => _live;

    /// <summary>Starts a turn. The same id and request again follow the turn that there is.</summary>
    /// <param name="turnId">The caller's own id, or null for a new one.</param>
    /// <param name="cancellationToken">Ends the following, not the turn.</param>
    public async Task<Result<FollowedTurn>> StartAsync(
        string user, string? turnId, TurnRequest request, IToolRunner runner, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _leaving))
            return TurnErrors.Draining;
        var key = new TurnKey(user, turnId ?? TurnKey.NewTurnId());
        if (_limits.TryEnter(user) is { } tooMany)
            return await TryFollowSameAsync(key, request, runner, cancellationToken) ?? tooMany;

        RunningTurn? turn = null;
        try
        {
            var header = new TurnHeader(key.TurnId, user, _time.GetUtcNow(), request) { TraceParent = TurnTelemetry.Origin };
            var program = _factory.Create(key, request, runner);
            if (!program.Succeeded)
                return program.Error;
            for (var attempt = 1; turn is null; attempt++)
            {
                if (await _log.CreateAsync(key, header.ToFrame(), cancellationToken) is { } writer)
                    turn = Start(key, program.Value, writer, lastId: 0, _telemetry.OfTurn(key, request, continued: false, origin: null));
                else if (await TryFollowSameAsync(key, request, runner, cancellationToken) is { } same)
                    return same;
                else if (attempt == MaxCreationAttempts)
                    return TurnErrors.Internal;
                else
                    await Task.Delay(CreationInterval, _time, cancellationToken);
            }
        }
        finally
        {
            if (turn is null)
                _limits.Leave(user);
        }

        return new FollowedTurn(key.TurnId, await turn.FollowAsync(after: 0, cancellationToken), turn.Completion);
    }

    /// <summary>Follows a turn from the event behind <paramref name="after"/>, and continues it first where nobody runs it any more.</summary>
    /// <param name="cancellationToken">Ends the following, not the turn.</param>
    public async Task<Result<FollowedTurn>> FollowAsync(TurnKey key, long after, IToolRunner runner, CancellationToken cancellationToken)
    {
        if (_live.TryGet(key, out var turn))
            return new FollowedTurn(key.TurnId, await turn.FollowAsync(after, cancellationToken), turn.Completion);

        var reader = await _log.OpenAsync(key, cancellationToken);
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

        if (!position.Ended && await ContinueAsync(key, runner, cancellationToken) is { } continued)
        {
            await reader.DisposeAsync();
            return new FollowedTurn(key.TurnId, await continued.FollowAsync(after, cancellationToken), continued.Completion);
        }

        var follower = new StoredFollower(
            reader, position, after, token => ContinueAsync(key, runner, token), () => Volatile.Read(ref _leaving), _options.Heartbeat, _time,
            cancellationToken);
        return new FollowedTurn(key.TurnId, follower, follower.Completion);
    }

    /// <summary>Stops a turn, wherever it runs. Does nothing where it has ended.</summary>
    /// <returns>Null, or an error where there is no such turn.</returns>
    public async Task<AppError?> StopAsync(TurnKey key, IToolRunner runner, CancellationToken cancellationToken)
    {
        if (!_live.TryGet(key, out var turn))
        {
            var position = await FindEndAsync(key, cancellationToken);
            if (position.EndOffset == 0)
                return TurnErrors.NotFound;
            if (position.Ended)
                return null;
            turn = await ContinueAsync(key, runner, cancellationToken, TurnErrors.Stopped);
        }

        if (turn is null)
        {
            await _log.RequestStopAsync(key, cancellationToken);
            return null;
        }

        turn.Stop(TurnErrors.Stopped);
        await turn.Completion.WaitAsync(cancellationToken);
        return null;
    }

    public void Dispose() => _continuing.Dispose();

    /// <summary>
    /// Takes no more turns, lets those under way reach the end of a step, and then lets them go: they are continued where they are followed next.
    /// </summary>
    internal async Task LeaveAsync()
    {
        Volatile.Write(ref _leaving, true);
        var turns = _live.All.Select(each => each.Value).ToList();
        turns.ForEach(turn => turn.Leave());
        var all = Task.WhenAll(turns.Select(turn => turn.Completion));
        try
        {
            await all.WaitAsync(_options.ShutdownGrace, _time);
        }
        catch (TimeoutException)
        {
            turns.ForEach(turn => turn.LeaveNow());
            await all;
        }
    }

    private async Task<LogPosition> FindEndAsync(TurnKey key, CancellationToken cancellationToken)
    {
        await using var reader = await _log.OpenAsync(key, cancellationToken);
        return reader is null ? default : await EventLogReader.FindAsync(reader, 0, cancellationToken);
    }

    // Null where there is no such turn, or not yet.
    private async Task<Result<FollowedTurn>?> TryFollowSameAsync(
        TurnKey key, TurnRequest request, IToolRunner runner, CancellationToken cancellationToken)
    {
        await using (var reader = await _log.OpenAsync(key, cancellationToken))
        {
            if (reader is null || await TurnHeader.ReadAsync(reader, cancellationToken) is not { } header)
                return null;
            if (header.Request.Fingerprint != request.Fingerprint)
                return TurnErrors.OtherBody;
        }

        return await FollowAsync(key, after: 0, runner, cancellationToken);
    }

    /// <summary>Continues a turn that nobody runs; null where another process does, or it has ended.</summary>
    /// <param name="stop">The error that ends the turn at once, where it is continued only to be stopped.</param>
    private async Task<RunningTurn?> ContinueAsync(
        TurnKey key, IToolRunner runner, CancellationToken cancellationToken, AppError? stop = null)
    {
        // One at a time: of two that follow the same turn, the second finds what the first continued.
        await _continuing.WaitAsync(cancellationToken);
        try
        {
            if (_live.TryGet(key, out var turn))
                return turn;
            if (Volatile.Read(ref _leaving) || await _log.ContinueAsync(key, cancellationToken) is not { } writer)
                return null;
            return await ContinueAsync(key, runner, writer, stop, cancellationToken);
        }
        finally
        {
            _continuing.Release();
        }
    }

    private async Task<RunningTurn?> ContinueAsync(
        TurnKey key, IToolRunner runner, ITurnWriter writer, AppError? stop, CancellationToken cancellationToken)
    {
        RunningTurn? turn = null;
        try
        {
            await using var reader = await _log.OpenAsync(key, cancellationToken);
            if (reader is null)
                return null;
            var replay = await TurnReplay.ReadAsync(reader, request => _factory.Create(key, request, runner), cancellationToken);
            if (replay.Ended)
                return null;
            if (!replay.Program.Succeeded)
            {
                await EndAsync(writer, replay.LastId, replay.Program.Error);
                return null;
            }

            _limits.Enter(key.User);
            var observed = _telemetry.OfTurn(key, replay.Header.Request, continued: true, replay.Header.TraceParent);
            return turn = Start(key, replay.Program.Value, writer, replay.LastId, observed, stop);
        }
        finally
        {
            if (turn is null)
                await writer.DisposeAsync();
        }
    }

    // The settings no longer have what the turn began with: nobody can go on with it, and whoever follows is to know.
    private async Task EndAsync(ITurnWriter writer, long lastId, AppError reason)
    {
        await using var journal = JournalOf(writer, lastId, appended: null);
        journal.Append(new ErrorEvent($"The turn was interrupted and can't go on: {reason.Message}", ErrorCode.ConfigurationError, Retryable: false));
        await journal.StoreAsync();
    }

    // A batched store may have lost events that were seen: their ids are not given again.
    private TurnEventWriter JournalOf(ITurnWriter writer, long lastId, Action<TurnEvent>? appended) => new(
        writer, _log.Batched && lastId > 0 ? lastId + TurnEventWriter.MaxEventsAhead : lastId, _log.Batched ? _options.StoreInterval : null, _time)
    {
        Appended = appended,
        Events = _telemetry.Events,
    };

    private RunningTurn Start(
        TurnKey key, ITurnHandler program, ITurnWriter writer, long lastId, TurnTelemetry observed, AppError? stop = null)
    {
        var journal = JournalOf(writer, lastId, turnEvent =>
        {
            _usage?.Count(key.User, turnEvent);
            observed.Note(turnEvent);
        });
        var live = new RunningTurn(key, program, journal, _log, _options, observed, _time, _logger);
        if (stop is not null)
            live.Stop(stop);
        _live.Start(key, live, () => _limits.Leave(key.User));

        // It came too late for those that leave together.
        if (Volatile.Read(ref _leaving))
            live.Leave();
        return live;
    }
}
