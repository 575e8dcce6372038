using FuncChat.Engine.Chat;
using FuncChat.Engine.Events;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Store;
using FuncChat.Engine.Telemetry;
using FuncChat.Engine.Turns;
using FuncChat.Engine.Usage;
using FuncChat.Tools;

namespace FuncChat.Engine.Plans;

/// <summary>
/// Runs a plan: asks the model for one that fits the schema, and a second time if the answer does not. The plan's reasoning is shown while it is written.
/// A turn that was interrupted before it had its plan asks again.
/// </summary>
internal sealed class PlanTurn(
    TurnKey key, PlanTurnRequest request, ResolvedModel model, TurnOptions options, TokenMeter meter, EngineTelemetry telemetry, TimeProvider time) : ITurnHandler
{
    private const string PlanPhase = "plan";
    private const string RepairPhase = "plan_repair";

    private const int LongestRefusal = 1000;

    // The finish reason of a call that was refused before its first token.
    private const string Failed = "error";

    private static readonly AppError NoPlan = new(
        ErrorCode.UpstreamError, "The model did not give a plan in the form that it was asked for. Try again, or choose another model.")
    {
        Retryable = true,
    };

    private static readonly AppError Cut = new(
        ErrorCode.UpstreamError, "The model reached its longest answer before the plan was complete. Try again, or choose another model.")
    {
        Retryable = true,
    };

    private static readonly AppError Filtered = new(
        ErrorCode.ContentFiltered, "The provider's content filter stopped the plan. Rephrase the request.");

    private PlanProgress _progress = new();

    public void Replay(TurnEvent turnEvent) => _progress = _progress.After(turnEvent);

    public async Task<TurnRunResult> RunAsync(TurnEventWriter events, Func<bool> leave, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_progress.Started)
            Emit(new StatusEvent("processing", key.TurnId, model.Name, model.Provider, HasTools: false), events);
        if (!_progress.HasPlan)
        {
            if (_progress.Iteration > 0)
                Emit(new MessageResetEvent(_progress.Iteration), events);
            Emit(await MakePlanAsync(events, cancellationToken), events);
        }

        Emit(new PlanCompleteEvent("success", _progress.Usage), events);
        await events.StoreAsync();
        return TurnRunResult.Ended;
    }

    /// <exception cref="ModelException">The model failed, declined, or its answer was not a plan twice.</exception>
    private async Task<PlanEvent> MakePlanAsync(TurnEventWriter events, CancellationToken cancellationToken)
    {
        var asked = PlanPrompts.Ask(request, time.GetUtcNow());
        var answer = await AskAsync(PlanPhase, asked, events, cancellationToken);
        var plan = PlanReader.Read(answer.TextAndArguments);
        if (plan.Succeeded)
            return plan.Value;
        if (answer.RefusalText.Length > 0)
            throw new ModelException(WhyNoPlan(answer));

        var repaired = await AskAsync(RepairPhase, PlanPrompts.Repair(asked, answer.TextAndArguments, plan.Error.Message), events, cancellationToken);
        return PlanReader.Read(repaired.TextAndArguments).Value ?? throw new ModelException(WhyNoPlan(repaired));
    }

    private static AppError WhyNoPlan(ModelAnswer answer) =>
        answer.RefusalText is { Length: > 0 } refusal
            ? new(ErrorCode.ContentFiltered, $"The model declined to make a plan: {TextCut.Start(refusal, LongestRefusal)}")
        : answer.FinishReason == FinishReason.Length ? Cut
        : NoPlan;

    private async Task<ModelAnswer> AskAsync(
        string phase, IReadOnlyList<ReadOnlyMemory<byte>> messages, TurnEventWriter events, CancellationToken cancellationToken)
    {
        var schema = _progress.RefusesSchema ? null : PlanSchema.ForModel;
        var call = new ModelRequest { Model = model.Name, Messages = messages, ResponseSchema = schema };
        try
        {
            return await CallAsync(phase, call, events, cancellationToken);
        }
        catch (ModelException) when (schema is not null && _progress.RefusesSchema)
        {
            // Many providers do not support a schema, or not for every model. The prompt has it too.
            return await CallAsync(phase, call with { ResponseSchema = null }, events, cancellationToken);
        }
    }

    private async Task<ModelAnswer> CallAsync(string phase, ModelRequest call, TurnEventWriter events, CancellationToken cancellationToken)
    {
        var iteration = _progress.Iteration + 1;
        Emit(new LlmRequestEvent(phase, iteration, model.Provider, model.Name), events);
        await events.StoreBeforeCallAsync();

        var started = time.GetTimestamp();

        // The answer of a repair mostly repeats the first one.
        var reasoning = new ReasoningText(events);
        var running = new ModelCall(
            events, iteration, options.MaxAnswerBytes, telemetry, time, phase == PlanPhase ? reasoning.Add : static _ => { });
        try
        {
            var answer = await running.RunAsync(model, await meter.ReserveAsync(key.User, model, call, TokenReservation.CallOf(key)), cancellationToken);
            var reason = answer.FinishReason!;
            Emit(new LlmResponseEvent(phase, iteration, reason, answer.Usage, running.FirstTokenMs, running.DurationMs), events);
            return reason == FinishReason.ContentFilter ? throw new ModelException(Filtered) : answer;
        }
        catch (ModelException e) when (
            e.Error.Code == ErrorCode.InvalidRequest && call.ResponseSchema is not null && running.FirstTokenMs is null)
        {
            Emit(new LlmResponseEvent(phase, iteration, Failed, null, null, Milliseconds.Since(started, time)), events);
            throw;
        }
    }

    private void Emit(TurnEvent turnEvent, TurnEventWriter events)
    {
        events.Append(turnEvent);
        _progress = _progress.After(turnEvent);
    }

    /// <summary>The progress of the turn, derived from its events.</summary>
    private sealed record PlanProgress(bool Started = false, int Iteration = 0, bool RefusesSchema = false, bool HasPlan = false)
    {
        public ModelUsage Usage { get; private init; } = new(0, 0);

        public PlanProgress After(TurnEvent turnEvent) => turnEvent switch
        {
            StatusEvent => this with { Started = true },
            LlmRequestEvent call => this with { Iteration = call.Iteration },
            LlmResponseEvent { FinishReason: Failed, Usage: null } => this with { RefusesSchema = true },
            LlmResponseEvent call => this with { Usage = Usage + (call.Usage ?? new(0, 0)) },
            MessageResetEvent reset => this with { Iteration = reset.Iteration - 1 },
            PlanEvent => this with { HasPlan = true },
            _ => this,
        };
    }
}
