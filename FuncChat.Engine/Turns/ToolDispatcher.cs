using System.Threading.Channels;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Engine.ToolRuns;
using FuncChat.Tools;

namespace FuncChat.Engine.Turns;

/// <summary>
/// Carries out the tool calls of a turn's round: refuses those that can't be, runs the rest side by side, and tells of them as they go. One thread at
/// a time emits events, whichever run they come from.
/// </summary>
internal sealed class ToolDispatcher(
    TurnKey turn, string model, IReadOnlyList<Tool> offered, IToolRunner runner, ToolArguments arguments, TurnOptions options, TimeProvider time)
{
    private readonly Dictionary<string, Tool> _offered = offered.ToDictionary(tool => tool.Name, StringComparer.Ordinal);
    private int _longRuns;

    /// <summary>Whether a tool runs that is allowed to take long.</summary>
    public bool InLongRun => Volatile.Read(ref _longRuns) > 0;

    /// <summary>Runs the round's calls that have not ended, until all have.</summary>
    public async Task RunAsync(ToolCallBatch round, Action<TurnEvent> emit, TurnEventWriter journal, CancellationToken cancellationToken)
    {
        var accepted = new List<(ToolCall Call, Tool Tool)>();
        for (var place = 0; place < round.Calls.Count; place++)
        {
            var call = round.Calls[place];
            if (round.HasEnded(call.Id))
                continue;
            var (tool, fault) = await AcceptAsync(call, place);
            if (fault is not null)
                emit(new ToolCallResultEvent(call.Id, call.Function.Name, ToolFailure.ToJson(fault), 0) { Error = true });
            else if (!round.HasStarted(call.Id))
                emit(new ToolCallStartEvent(call.Id, call.Function.Name, ArgumentsOf(call)));
            if (tool is not null)
                accepted.Add((call, tool));
        }

        if (accepted.Count == 0)
            return;
        await journal.StoreAsync();
        await WatchAsync(round, accepted, emit, journal, cancellationToken);
    }

    /// <summary>Stops the round's runs that are under way.</summary>
    public async Task CancelAsync(ToolCallBatch round)
    {
        foreach (var call in round.Calls.Where(call => round.HasStarted(call.Id) && !round.HasEnded(call.Id)))
            await runner.CancelAsync(ToolRunSpec.IdOf(turn, call.Id), CancellationToken.None);
    }

    private static string ArgumentsOf(ToolCall call) => string.IsNullOrWhiteSpace(call.Function.Arguments) ? "{}" : call.Function.Arguments;

    private async Task<(Tool? Tool, string? Fault)> AcceptAsync(ToolCall call, int place)
    {
        if (place >= options.MaxToolCalls)
            return (null, $"Too many tool calls at once: at most {options.MaxToolCalls} are run. Make the others in the next round.");
        if (!_offered.TryGetValue(call.Function.Name, out var tool))
            return (null, $"There is no such tool. The tools are: {string.Join(", ", _offered.Keys)}.");
        return await arguments.FindFaultAsync(tool, ArgumentsOf(call)) is { } fault ? (null, fault) : (tool, null);
    }

    private async Task WatchAsync(
        ToolCallBatch round, List<(ToolCall Call, Tool Tool)> accepted, Action<TurnEvent> emit, TurnEventWriter journal,
        CancellationToken cancellationToken)
    {
        var told = new Dictionary<string, ToolCallProgressEvent>(StringComparer.Ordinal);
        using var places = new SemaphoreSlim(options.ParallelToolCalls);
        using var stopWatching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var snapshots = Channel.CreateUnbounded<Watched>(new() { SingleReader = true });
        var watches = Task.WhenAll(accepted.Select(each =>
            WatchAsync(SpecOf(each.Call, round), each.Call, each.Tool, places, snapshots.Writer, stopWatching.Token)));
        _ = watches.ContinueWith(
            ended => snapshots.Writer.TryComplete(ended.Exception?.InnerException), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            while (await snapshots.Reader.WaitToReadAsync(cancellationToken))
            {
                while (snapshots.Reader.TryRead(out var next))
                    await TellAsync(next, told, emit, journal);
                await journal.PublishAsync();
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            // Nobody emits once this returns.
            await stopWatching.CancelAsync();
            await watches.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task WatchAsync(
        ToolRunSpec spec, ToolCall call, Tool tool, SemaphoreSlim places, ChannelWriter<Watched> snapshots,
        CancellationToken cancellationToken)
    {
        var place = places.WaitAsync(cancellationToken);
        if (!place.IsCompletedSuccessfully)
            snapshots.TryWrite(new Watched(call, new ToolRunSnapshot(ToolRunStatus.Queued), Started: 0));
        await place;
        var started = time.GetTimestamp();
        if (tool.LongRunning)
            Interlocked.Increment(ref _longRuns);
        try
        {
            await foreach (var snapshot in runner.RunAsync(spec, cancellationToken))
                snapshots.TryWrite(new Watched(call, snapshot, started));
        }
        finally
        {
            if (tool.LongRunning)
                Interlocked.Decrement(ref _longRuns);
            places.Release();
        }
    }

    private ToolRunSpec SpecOf(ToolCall call, ToolCallBatch round) =>
        new(ToolRunSpec.IdOf(turn, call.Id), call.Id, call.Function.Name, ArgumentsOf(call), model)
        {
            ModelEventsSeen = round.ModelEvents(call.Id),
            ModelCallsMade = round.ModelCalls(call.Id),
        };

    private async ValueTask TellAsync(
        Watched watched, Dictionary<string, ToolCallProgressEvent> told, Action<TurnEvent> emit, TurnEventWriter journal)
    {
        var (call, snapshot, started) = watched;
        foreach (var modelEvent in snapshot.ModelEvents)
            emit(ToolModelEvents.ToTurnEvent(modelEvent, call));
        if (snapshot.Outcome is not { } outcome)
        {
            var progress = new ToolCallProgressEvent(call.Id, call.Function.Name, snapshot.Status == ToolRunStatus.Queued ? "queued" : "executing")
            {
                Message = snapshot.Message,
                Completed = snapshot.Completed,
                Total = snapshot.Total,
            };

            // A snapshot may have come for its model events alone.
            if (told.GetValueOrDefault(call.Id) != progress)
                emit(told[call.Id] = progress);
            return;
        }

        emit(new ToolCallResultEvent(call.Id, call.Function.Name, Cut(outcome.Content), Milliseconds.Since(started, time))
        {
            Error = outcome.Failed ? true : null,
        });
        await journal.StoreAsync();
    }

    private string Cut(string content)
    {
        if (content.Length <= options.MaxToolResult)
            return content;

        // Not within a character of two.
        var length = char.IsHighSurrogate(content[options.MaxToolResult - 1]) ? options.MaxToolResult - 1 : options.MaxToolResult;
        return $"{content.AsSpan(0, length)}\n[Cut here: the result has {content.Length} characters, of which {length} are shown.]";
    }

    /// <param name="Started">When the run was started or found, as a timestamp; its wait for a place does not count.</param>
    private readonly record struct Watched(ToolCall Call, ToolRunSnapshot Snapshot, long Started);
}
