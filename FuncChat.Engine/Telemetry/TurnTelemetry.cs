using System.Diagnostics;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Engine.Models;
using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Telemetry;

/// <summary>
/// One turn's span and figures, for as long as it runs in this process. The span is the request's child, and outlives it where the turn does. A turn
/// that started elsewhere gets a span here, with a link to the original.
/// </summary>
internal sealed class TurnTelemetry(EngineTelemetry telemetry, TurnKey key, TurnRequest request, string kind, bool continued, string? origin)
{
    private const string Success = "success";

    // The turn continues in another process, or can: it was handed over at the end of a step.
    private const string Left = "left";
    private const string Parked = "parked";
    private const string NotStored = "not_stored";

    private string? _outcome;
    private ModelUsage _usage = new(0, 0);
    private Activity? _span;
    private long _started;

    /// <summary>The link for a turn started now, if it continues elsewhere; null without a listener.</summary>
    public static string? Origin => EngineTelemetry.Spans.HasListeners() ? Activity.Current?.Id : null;

    /// <summary>Takes note of an event that the turn has appended.</summary>
    public void Note(TurnEvent turnEvent)
    {
        switch (turnEvent)
        {
            case LlmResponseEvent { Usage: { } usage }:
                _usage += usage;
                break;
            case CompleteEvent or PlanCompleteEvent or SearchCompleteEvent:
                _outcome = Success;
                break;
            case ParkedEvent:
                _outcome = Parked;
                break;
            case ErrorEvent failed:
                _outcome = ErrorNames.Of(failed.Code);
                break;
        }
    }

    /// <summary>The turn runs: from now on its span is the current one of the caller's flow.</summary>
    public void Start(TimeProvider time)
    {
        _started = time.GetTimestamp();
        if (!EngineTelemetry.Spans.HasListeners())
            return;
        var links = continued && ActivityContext.TryParse(origin, null, isRemote: true, out var first) ? [new ActivityLink(first)] : (ActivityLink[]?)null;
        _span = EngineTelemetry.Spans.StartActivity(SpanName, ActivityKind.Internal, parentContext: default, Tags(), links);
    }

    /// <summary>The turn no longer runs here.</summary>
    /// <param name="stored">Whether the log could be written.</param>
    public void End(bool stored, TimeProvider time)
    {
        var outcome = stored ? _outcome ?? Left : NotStored;
        if (_span is { } span)
        {
            span.SetTag(GenAi.TurnOutcome, outcome);
            span.SetTag(GenAi.InputTokens, _usage.InputTokens).SetTag(GenAi.OutputTokens, _usage.OutputTokens);
            if (outcome is not (Success or Left or Parked))
                span.SetTag(GenAi.ErrorType, outcome).SetStatus(ActivityStatusCode.Error);
            span.Dispose();
        }

        if (telemetry.Instruments.TurnDuration is { Enabled: true } durations)
            durations.Record(time.GetElapsedTime(_started).TotalSeconds, new(GenAi.TurnKind, kind), new(GenAi.TurnOutcome, outcome));
    }

    // The conventions have no name for a turn that calls no model.
    private string SpanName => request.Operation is { } operation ? $"{operation} {EngineTelemetry.Name}" : kind;

    // Nothing of the user: the turn's id is what a person reports.
    private IEnumerable<KeyValuePair<string, object?>> Tags()
    {
        yield return new(GenAi.TurnId, key.TurnId);
        yield return new(GenAi.TurnKind, kind);
        if (continued)
            yield return new(GenAi.TurnContinued, true);
        if (request.Operation is not { } operation)
            yield break;
        yield return new(GenAi.Operation, operation);
        yield return new(GenAi.AgentName, EngineTelemetry.Name);
        if (request.ModelId is { } model && model.IndexOf(':', StringComparison.Ordinal) is var colon and > 0)
        {
            yield return new(GenAi.Provider, model[..colon]);
            yield return new(GenAi.RequestModel, model[(colon + 1)..]);
        }
    }
}
