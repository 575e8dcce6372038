using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Engine.Telemetry;
using FuncChat.Engine.Usage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Turns;

/// <summary>The turns that run in this process, and what they share: the store, the limits, the counters.</summary>
public sealed class TurnRuntime
{
    // After the grace: how long interrupted turns may take to store what they have, and then to give up.
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    private readonly EngineTelemetry _telemetry;
    private bool _draining;

    public TurnRuntime(
        TurnStorage storage, IOptions<TurnOptions> options, IOptions<QuotaOptions> limits, RequestMemory memory, TimeProvider time,
        ILogger<TurnRuntime> logger, IUsageCounter usage, EngineTelemetry telemetry)
    {
        Storage = storage;
        Options = options.Value;
        Time = time;
        Logger = logger;
        Limits = new ConcurrentTurnLimiter(Options, TurnErrors.TooManyOfUser);
        Waiting = new ConcurrentTurnLimiter(Options, TurnErrors.TooManyWaiting);
        Memory = memory;
        Remote = new RemoteTurns(storage, time);
        Usage = new TurnUsage(usage, limits.Value, time, logger);
        _telemetry = telemetry;
        telemetry.Watch(Live);
    }

    internal TurnStorage Storage { get; }

    internal TurnOptions Options { get; }

    internal TimeProvider Time { get; }

    internal ILogger Logger { get; }

    internal RunningTurnRegistry Live { get; } = new();

    /// <summary>The damaged turns that were logged.</summary>
    internal DamageReports Damages { get; } = new();

    internal ConcurrentTurnLimiter Limits { get; }

    /// <summary>Counts the requests that wait for the end of a turn of their thread: as many may wait as turns may run.</summary>
    internal ConcurrentTurnLimiter Waiting { get; }

    internal RequestMemory Memory { get; }

    internal TurnUsage Usage { get; }

    /// <summary>A lock for each turn that is being continued, and what its followers share while it runs elsewhere.</summary>
    internal RemoteTurns Remote { get; }

    /// <summary>Whether the process is stopping: no turn starts or is continued here.</summary>
    internal bool IsDraining => Volatile.Read(ref _draining);

    /// <summary>Creates a turn whose lease this process has; <see cref="Start"/> runs it.</summary>
    /// <param name="kind">The name of the turn's kind.</param>
    /// <param name="timeLeft">How long the turn may still take.</param>
    internal RunningTurn Create(
        TurnKey key, TurnHeader header, bool isContinued, string kind, ITurnHandler handler, ITurnWriter writer, TimeSpan timeLeft, ITurnInbox inbox)
    {
        var telemetry = _telemetry.OfTurn(key, header.Request, kind, isContinued, isContinued ? header.TraceParent : null);
        var events = EventsOf(writer, telemetry.Note);
        var options = Options with { DetachedGrace = header.Request.GraceOf(Options) };
        return new RunningTurn(
            key, header, handler, events, Storage, inbox, options, timeLeft > TimeSpan.Zero ? timeLeft : TimeSpan.Zero, telemetry, Time, Logger);
    }

    /// <summary>Runs a turn. It counts towards the limits already, until it ends.</summary>
    /// <param name="memory">The memory of its request. It grows with the turn, and is released when the turn no longer runs here.</param>
    internal void Start(TurnKey key, RunningTurn turn, HeldMemory memory)
    {
        turn.Grown = bytes =>
        {
            Usage.CountBytes(key.User, bytes);
            if (memory.Grow(bytes) is { } tooMuch)
                turn.Stop(tooMuch);
        };

        // It runs on in the flow of the request that starts it, whose limit is not the turn's.
        using (Memory.BeginReads(ReadLimit.None))
        {
            Live.Start(key, turn, () =>
            {
                Limits.Leave(key.User);
                memory.Dispose();
            });
        }

        // It started too late to be drained with the others.
        if (IsDraining)
            turn.Drain();
    }

    /// <summary>Ends a turn that can't be continued, with an error for its followers.</summary>
    internal async Task FailAsync(ITurnWriter writer, AppError reason)
    {
        await using var events = EventsOf(writer, appended: null);
        events.Append(ErrorEvent.Of(reason));
        await events.StoreAsync();
    }

    /// <summary>
    /// Accepts no more turns, lets the running ones reach the end of a step, and then hands them over: they are continued where they are followed next.
    /// </summary>
    internal async Task DrainAsync()
    {
        Volatile.Write(ref _draining, true);
        var turns = Live.All.Select(each => each.Value).ToList();
        turns.ForEach(turn => turn.Drain());
        var all = Task.WhenAll(turns.Select(turn => turn.Completion));
        if (await EndsWithinAsync(all, Options.ShutdownGrace))
            return;
        turns.ForEach(turn => turn.Interrupt());
        if (await EndsWithinAsync(all, CloseTimeout))
            return;
        turns.ForEach(turn => turn.Abandon());
        await EndsWithinAsync(all, CloseTimeout);
    }

    private async Task<bool> EndsWithinAsync(Task all, TimeSpan limit)
    {
        try
        {
            await all.WaitAsync(limit, Time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // A write-behind store may have lost events that clients have seen: their ids are not used again.
    private TurnEventWriter EventsOf(ITurnWriter writer, Action<TurnEvent>? appended) => new(
        writer, Storage.IsWriteBehind && writer.LastEventId > 0 ? writer.LastEventId + TurnEventWriter.MaxEventsAhead : writer.LastEventId,
        Storage.IsWriteBehind ? Options.StoreInterval : null, Time, _telemetry.Events)
    {
        Appended = appended,
    };
}
