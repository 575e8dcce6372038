using FuncChat.Engine.Events;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Telemetry;
using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Plans;

/// <summary>
/// The turn of a plan: the model is asked for one of a given shape, and once more where what it gives is none. The plan's reasoning shows while
/// it is written. A turn that was interrupted before it had its plan asks anew.
/// </summary>
internal sealed class PlanTurn(
    string turnId, PlanTurnRequest request, ResolvedModel model, TurnOptions options, EngineTelemetry telemetry, TimeProvider time) : ITurnHandler
{
    private const string PlanPhase = "plan";
    private const string RepairPhase = "plan_repair";

    // The finish reason of a call that was refused before it gave anything.
    private const string Failed = "error";

    private static readonly AppError NoPlan = new(
        ErrorCode.UpstreamError, "The model did not give a plan in the form that it was asked for. Try again, or choose another model.")
    {
        Retryable = true,
    };

    private static readonly AppError Filtered = new(
        ErrorCode.ContentFiltered, "The provider's content filter stopped the plan. Rephrase the request.");

    private PlanProgress _progress = new();

    public void Replay(TurnEvent turnEvent) => _progress = _progress.After(turnEvent);

    public async Task<TurnRunResult> RunAsync(TurnEventWriter journal, Func<bool> leave, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_progress.Started)
            Tell(new StatusEvent("processing", turnId, model.Name, model.Provider, HasTools: false), journal);
        if (!_progress.HasPlan)
        {
            if (_progress.Iteration > 0)
                Tell(new MessageResetEvent(_progress.Iteration), journal);
            Tell(await MakePlanAsync(journal, cancellationToken), journal);
        }

        Tell(new PlanCompleteEvent("success", _progress.Usage), journal);
        await journal.StoreAsync();
        return TurnRunResult.Ended;
    }

    /// <exception cref="ModelException">The model failed, or made no plan of it twice.</exception>
    private async Task<PlanEvent> MakePlanAsync(TurnEventWriter journal, CancellationToken cancellationToken)
    {
        var asked = PlanPrompts.Ask(request, time.GetUtcNow());
        var answer = await AskAsync(PlanPhase, asked, journal, cancellationToken);
        var (plan, fault) = await PlanReader.ReadAsync(answer);
        if (plan is not null)
            return plan;

        var repaired = await AskAsync(RepairPhase, PlanPrompts.Repair(asked, answer, fault), journal, cancellationToken);
        return (await PlanReader.ReadAsync(repaired)).Plan ?? throw new ModelException(NoPlan);
    }

    private async Task<string> AskAsync(
        string phase, IReadOnlyList<ReadOnlyMemory<byte>> messages, TurnEventWriter journal, CancellationToken cancellationToken)
    {
        var schema = _progress.TakesNoSchema ? null : PlanSchema.ForModel;
        var call = new ModelRequest { Model = model.Name, Messages = messages, ResponseSchema = schema };
        try
        {
            return await CallAsync(phase, call, journal, cancellationToken);
        }
        catch (ModelException) when (schema is not null && _progress.TakesNoSchema)
        {
            // Many providers take no schema, or not for every model. The prompt says the shape as well.
            return await CallAsync(phase, call with { ResponseSchema = null }, journal, cancellationToken);
        }
    }

    private async Task<string> CallAsync(string phase, ModelRequest call, TurnEventWriter journal, CancellationToken cancellationToken)
    {
        var iteration = _progress.Iteration + 1;
        Tell(new LlmRequestEvent(phase, iteration, model.Provider, model.Name), journal);
        await journal.StoreAsync();

        var started = time.GetTimestamp();

        // The answer of a repair is the first one again, more or less.
        var reasoning = new ReasoningText(journal);
        var running = new ModelCall(journal, iteration, options.MaxAnswerBytes, telemetry, time, phase == PlanPhase ? reasoning.Add : static _ => { });
        try
        {
            var answer = await running.RunAsync(model, call, cancellationToken);
            var reason = answer.FinishReason!;
            Tell(new LlmResponseEvent(phase, iteration, reason, answer.Usage, running.FirstTokenMs, running.DurationMs), journal);
            return reason == FinishReason.ContentFilter ? throw new ModelException(Filtered) : answer.Text;
        }
        catch (ModelException e) when (
            e.Error.Code == ErrorCode.InvalidRequest && call.ResponseSchema is not null && running.FirstTokenMs is null)
        {
            Tell(new LlmResponseEvent(phase, iteration, Failed, null, null, Milliseconds.Since(started, time)), journal);
            throw;
        }
    }

    private void Tell(TurnEvent turnEvent, TurnEventWriter journal)
    {
        journal.Append(turnEvent);
        _progress = _progress.After(turnEvent);
    }

    /// <summary>How far the turn is, as its events tell.</summary>
    private sealed record PlanProgress(bool Started = false, int Iteration = 0, bool TakesNoSchema = false, bool HasPlan = false)
    {
        public ModelUsage Usage { get; private init; } = new(0, 0);

        public PlanProgress After(TurnEvent turnEvent) => turnEvent switch
        {
            StatusEvent => this with { Started = true },
            LlmRequestEvent call => this with { Iteration = call.Iteration },
            LlmResponseEvent { FinishReason: Failed, Usage: null } => this with { TakesNoSchema = true },
            LlmResponseEvent call => this with { Usage = Usage + (call.Usage ?? new(0, 0)) },
            MessageResetEvent reset => this with { Iteration = reset.Iteration - 1 },
            PlanEvent => this with { HasPlan = true },
            _ => this,
        };
    }
}
