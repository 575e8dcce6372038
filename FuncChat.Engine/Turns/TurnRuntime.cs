using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Engine.Telemetry;
using FuncChat.Engine.Usage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Turns;

/// <summary>The turns that run in this process, and what they share: the store, the limits, the counters.</summary>
public sealed class TurnRuntime : IDisposable
{
    private readonly TurnUsage _usage;
    private readonly EngineTelemetry _telemetry;
    private readonly ILogger<TurnRuntime> _logger;
    private bool _draining;

    public TurnRuntime(
        ITurnStore store, IOptions<TurnOptions> options, TimeProvider time, ILogger<TurnRuntime> logger, IUsageCounter usage, EngineTelemetry telemetry)
    {
        Store = store;
        Options = options.Value;
        Time = time;
        _logger = logger;
        Limits = new ConcurrentTurnLimiter(Options);
        _usage = new TurnUsage(usage, time, logger);
        _telemetry = telemetry;
        telemetry.Watch(Live);
    }

    internal ITurnStore Store { get; }

    internal TurnOptions Options { get; }

    internal TimeProvider Time { get; }

    internal RunningTurnRegistry Live { get; } = new();

    internal ConcurrentTurnLimiter Limits { get; }

    /// <summary>One turn is continued at a time: of two requests that follow the same turn, the second finds what the first continued.</summary>
    internal SemaphoreSlim Continuing { get; } = new(1, 1);

    /// <summary>Whether the process is stopping: no turn starts or is continued here.</summary>
    internal bool IsDraining => Volatile.Read(ref _draining);

    public void Dispose() => Continuing.Dispose();

    /// <summary>Starts to run a turn whose lease this process has.</summary>
    /// <param name="kind">The name of the turn's kind.</param>
    /// <param name="continuedFrom">The header of a turn that is continued; null for a new one.</param>
    /// <param name="stop">The error that ends the turn at once, if it is continued only to be stopped.</param>
    internal RunningTurn Start(
        TurnKey key, TurnRequest request, string kind, ITurnHandler handler, ITurnWriter writer, long lastId, TurnHeader? continuedFrom = null,
        AppError? stop = null)
    {
        var telemetry = _telemetry.OfTurn(key, request, kind, continuedFrom is not null, continuedFrom?.TraceParent);
        var events = EventsOf(writer, lastId, turnEvent =>
        {
            _usage.Count(key.User, turnEvent);
            telemetry.Note(turnEvent);
        });
        var turn = new RunningTurn(key, handler, events, Store, Options, telemetry, Time, _logger);
        if (stop is not null)
            turn.Stop(stop);
        Live.Start(key, turn, () => Limits.Leave(key.User));

        // It started too late to be drained with the others.
        if (IsDraining)
            turn.Leave();
        return turn;
    }

    /// <summary>Ends a turn that can't be continued, with an error for its followers.</summary>
    internal async Task FailAsync(ITurnWriter writer, long lastId, AppError reason)
    {
        await using var events = EventsOf(writer, lastId, appended: null);
        events.Append(new ErrorEvent($"The turn was interrupted and can't continue: {reason.Message}", ErrorCode.ConfigurationError, Retryable: false));
        await events.StoreAsync();
    }

    /// <summary>
    /// Accepts no more turns, lets the running ones reach the end of a step, and then hands them over: they are continued where they are followed next.
    /// </summary>
    internal async Task DrainAsync()
    {
        Volatile.Write(ref _draining, true);
        var turns = Live.All.Select(each => each.Value).ToList();
        turns.ForEach(turn => turn.Leave());
        var all = Task.WhenAll(turns.Select(turn => turn.Completion));
        try
        {
            await all.WaitAsync(Options.ShutdownGrace, Time);
        }
        catch (TimeoutException)
        {
            turns.ForEach(turn => turn.LeaveNow());
            await all;
        }
    }

    // A write-behind store may have lost events that clients have seen: their ids are not used again.
    private TurnEventWriter EventsOf(ITurnWriter writer, long lastId, Action<TurnEvent>? appended) => new(
        writer, Store.Batched && lastId > 0 ? lastId + TurnEventWriter.MaxEventsAhead : lastId, Store.Batched ? Options.StoreInterval : null, Time)
    {
        Appended = appended,
        Events = _telemetry.Events,
    };
}
