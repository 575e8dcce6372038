using System.Threading.Channels;
using FuncChat.Engine.Chat.Approvals;
using FuncChat.Engine.Events;
using FuncChat.Engine.Models;
using FuncChat.Engine.Store;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Turns;
using FuncChat.Engine.Usage;
using FuncChat.Tools;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Chat;

/// <summary>
/// Executes the tool calls of one assistant message: rejects the invalid ones, asks a person for those that need an approval, runs the others in parallel,
/// and emits their progress and results. All events are emitted by one thread at a time.
/// </summary>
/// <param name="budget">Asks for more budget for the model calls of tools. If it is null, they fail.</param>
/// <param name="countRun">Counts a run before it starts, or returns why the user may start no more.</param>
internal sealed partial class ToolDispatcher(
    TurnKey turn, string model, ToolUser user, IToolRunner runner, ToolArguments checks, AddressCheck addresses, ToolApprovals approvals, TurnOptions options,
    TimeProvider time, ILogger logger, TurnBudget? budget, string? threadId, Func<Task<AppError?>> countRun)
{
    private const string Executing = "executing";

    private int _longRuns;

    /// <summary>Whether a long-running tool is running.</summary>
    public bool InLongRun => Volatile.Read(ref _longRuns) > 0;

    /// <summary>Runs the calls of the batch that have no result yet, until all have one or wait for a person.</summary>
    /// <param name="conversation">The messages that the model has seen.</param>
    /// <param name="sources">The sources that the turn has found so far.</param>
    public async Task RunAsync(
        ToolCallBatch batch, CallableTools tools, IEnumerable<RawJson> conversation, TurnSources sources, Action<TurnEvent> emit, TurnEventWriter events,
        CancellationToken cancellationToken)
    {
        var accepted = new List<AcceptedCall>();
        var executing = new List<ToolCall>();
        for (var place = 0; place < batch.Calls.Count; place++)
        {
            var call = batch.Calls[place];
            if (batch.HasEnded(call.Id))
                continue;
            if (approvals.AnswerTo(call) is { } answer)
            {
                if (answer == CallVerdict.Deny)
                    Fail(call, approvals.DenialOf(call));
                continue;
            }

            var (valid, error) = await AcceptAsync(call, place, tools);
            if (valid is not var (_, tool, arguments))
            {
                Fail(call, error!);
                continue;
            }

            var isMadeUp = addresses.IsMadeUp(tool, arguments, conversation);
            switch (approvals.VerdictOn(call, tool, isMadeUp))
            {
                case CallVerdict.Ask:
                    emit(approvals.Ask(call, tool, arguments, isMadeUp));
                    break;
                case CallVerdict.RefuseAddress:
                    Fail(call, AddressCheck.Refusal);
                    break;
                case CallVerdict.Run:
                    if (!batch.HasStarted(call.Id))
                    {
                        if (await countRun() is { } reached)
                        {
                            Fail(call, reached.Message);
                            break;
                        }

                        emit(new ToolCallStartEvent(call.Id, call.Function.Name, arguments));
                        if (accepted.Count < options.ParallelToolCalls && runner.ExecutesAtOnce(tool.Policy.LongRunning))
                            executing.Add(call);
                    }

                    accepted.Add(valid);
                    break;
            }
        }

        if (accepted.Count == 0)
            return;

        // In one write to the store, and to each client, with the starts.
        var reported = new Dictionary<string, ToolCallProgressEvent>(StringComparer.Ordinal);
        foreach (var call in executing)
            emit(reported[call.Id] = new ToolCallProgressEvent(call.Id, call.Function.Name, Executing));
        await events.StoreAsync();
        await WatchAsync(batch, accepted, reported, sources, emit, events, cancellationToken);

        void Fail(ToolCall call, string error) =>
            emit(new ToolCallResultEvent(call.Id, call.Function.Name, Cut(ToolFailure.ToJson(error)), 0) { Error = true });
    }

    /// <summary>Cancels the runs of the batch that have started and not ended. Throws after it has tried all of them.</summary>
    public Task CancelAsync(ToolCallBatch batch) => Task.WhenAll(batch.Calls
        .Where(call => batch.HasStarted(call.Id) && !batch.HasEnded(call.Id))
        .Select(async call => await runner.CancelAsync(RunIdOf(call), CancellationToken.None)));

    private async Task<(AcceptedCall? Call, string? Error)> AcceptAsync(ToolCall call, int place, CallableTools tools)
    {
        if (place >= options.MaxToolCalls)
            return (null, $"Too many tool calls: at most {options.MaxToolCalls} are run at once. Make the remaining calls in your next message.");
        if (tools.Find(call.Function.Name) is not { } tool)
            return (null, tools.ErrorOf(call.Function.Name));

        // The person who approves a call may complete it.
        var written = approvals.ArgumentsOf(call, call.Function.Arguments);
        if (ToolCallText.IsCut(written))
            return (null, "The answer was cut off before the arguments of this call. Make a shorter call.");
        var normalized = ToolArguments.Normalize(tool, written);
        var error = await checks.FindErrorAsync(tool, normalized);
        return error is null ? (new AcceptedCall(call, tool, normalized), null) : (null, error);
    }

    private string RunIdOf(ToolCall call) => ToolRunSpec.IdOf(turn, call.Id, approvals.RunsBefore(call));

    private async Task WatchAsync(
        ToolCallBatch batch, List<AcceptedCall> accepted, Dictionary<string, ToolCallProgressEvent> reported, TurnSources sources, Action<TurnEvent> emit,
        TurnEventWriter events, CancellationToken cancellationToken)
    {
        using var slots = new SemaphoreSlim(options.ParallelToolCalls);
        using var stopWatching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // The turn continues on the thread of the watch that reports: a hop to another costs more than what it does there.
        var snapshots = Channel.CreateUnbounded<Watched>(new() { SingleReader = true, AllowSynchronousContinuations = true });
        var watches = Task.WhenAll(accepted.Select(each =>
            WatchAsync(SpecOf(each, batch), each.Call, each.Tool.Policy.ReturnsSources ? sources : null, slots, snapshots.Writer, stopWatching.Token)));
        _ = watches.ContinueWith(
            ended => snapshots.Writer.TryComplete(ended.Exception?.InnerException), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        try
        {
            while (await snapshots.Reader.WaitToReadAsync(cancellationToken))
            {
                while (snapshots.Reader.TryRead(out var next))
                    Emit(next, reported, emit);

                // The last results are stored with the start of the next model call.
                if (!accepted.TrueForAll(each => batch.HasEnded(each.Call.Id)))
                    await events.PublishAsync();
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            // No watch may emit after this method returns.
            await stopWatching.CancelAsync();
            await watches.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WatchAsync(
        ToolRunSpec spec, ToolCall call, TurnSources? sources, SemaphoreSlim slots, ChannelWriter<Watched> snapshots,
        CancellationToken cancellationToken)
    {
        var slot = slots.WaitAsync(cancellationToken);
        if (!slot.IsCompletedSuccessfully)
            snapshots.TryWrite(new Watched(call, sources, new ToolRunSnapshot(ToolRunStatus.Queued), Started: 0));
        await slot;
        var started = time.GetTimestamp();
        if (spec.LongRunning)
            Interlocked.Increment(ref _longRuns);
        try
        {
            // A run that is cancelled releases its slot to the next call, which must not start any more.
            cancellationToken.ThrowIfCancellationRequested();
            await foreach (var snapshot in runner.RunAsync(spec, cancellationToken))
                snapshots.TryWrite(new Watched(call, sources, snapshot, started));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The run can't be started or watched: its call fails now, and the others and the turn continue.
            LogNotWatched(spec.Tool.Name, spec.RunId, e);
            snapshots.TryWrite(new Watched(call, sources, new ToolRunSnapshot(ToolRunStatus.Ended) { Outcome = ToolRunOutcome.Unavailable }, started));
        }
        finally
        {
            if (spec.LongRunning)
                Interlocked.Decrement(ref _longRuns);
            slots.Release();
        }
    }

    private ToolRunSpec SpecOf(AcceptedCall accepted, ToolCallBatch batch)
    {
        var (call, tool, arguments) = accepted;
        return new(RunIdOf(call), call.Id, tool.Reference, arguments, model)
        {
            LongRunning = tool.Policy.LongRunning,
            User = user,
            ThreadId = threadId,
            Answers = approvals.AnswersTo(call),
            FirstRunId = approvals.RunsBefore(call) > 0 ? ToolRunSpec.IdOf(turn, call.Id) : null,
            WaitsForBudget = budget is not null,
            ModelEventsSeen = batch.ModelEvents(call.Id),
            ModelCallsMade = batch.ModelCalls(call.Id),
        };
    }

    private void Emit(Watched watched, Dictionary<string, ToolCallProgressEvent> reported, Action<TurnEvent> emit)
    {
        var (call, sources, snapshot, started) = watched;
        foreach (var modelEvent in snapshot.ModelEvents)
            emit(ToolModelEvents.ToTurnEvent(modelEvent, call));
        if (snapshot.Outcome is not { } outcome)
        {
            var progress = new ToolCallProgressEvent(call.Id, call.Function.Name, snapshot.Status == ToolRunStatus.Queued ? "queued" : Executing)
            {
                Message = snapshot.Message,
                Completed = snapshot.Completed,
                Total = snapshot.Total,
            };

            // A snapshot may bring nothing but model events.
            if (reported.GetValueOrDefault(call.Id) != progress)
                emit(reported[call.Id] = progress);
            return;
        }

        if (outcome.Budget is { } need)
        {
            if (budget is not null)
            {
                emit(budget.RequestOf(need, call.Id));
                return;
            }

            // The settings have changed since the run started.
            outcome = ToolRunOutcome.Failure(BudgetErrors.Denied(need.Limit).Message);
        }

        if (outcome.Question is { } question)
        {
            if (approvals.Ask(call, question) is { } asked)
            {
                emit(asked);
                return;
            }

            outcome = ToolRunOutcome.Failure("The tool asks the user more than is allowed.");
        }

        var (content, cited) = sources is null || outcome.Failed ? (outcome.Content, []) : sources.Number(outcome.Content);
        // Before the result: a turn that is interrupted in between continues with the same numbers.
        foreach (var citation in cited)
            emit(citation);
        emit(new ToolCallResultEvent(
            call.Id, call.Function.Name, Cut(content) + approvals.NoteOn(call), Milliseconds.Since(started, time))
        {
            Error = outcome.Failed ? true : null,
        });
    }

    private string Cut(string content)
    {
        var length = TextCut.LengthWithin(content, options.MaxToolResult);
        return length == content.Length
            ? content
            : $"{content.AsSpan(0, length)}\n[Truncated: the first {length} of {content.Length} characters are shown.]";
    }

    [LoggerMessage(105, LogLevel.Error, "Tool {Tool}, run {RunId}, can't be started or watched; its call fails")]
    private partial void LogNotWatched(string tool, string runId, Exception exception);

    /// <param name="Arguments">Those that the tool is run with, as they are meant.</param>
    private sealed record AcceptedCall(ToolCall Call, Tool Tool, string Arguments);

    /// <param name="Sources">Null for a tool that returns none.</param>
    /// <param name="Started">The timestamp at which the run started or was found. Time in the queue does not count.</param>
    private readonly record struct Watched(ToolCall Call, TurnSources? Sources, ToolRunSnapshot Snapshot, long Started);
}
