using System.Diagnostics;
using FuncChat.Engine.ToolRuns;

namespace FuncChat.Engine.Telemetry;

/// <summary>
/// One tool run's span, `execute_tool {name}`, and its duration, reported by the process that runs the tool. In another process than the turn's, the span is
/// still the turn's child, and has a link to the span that runs there.
/// </summary>
internal sealed class ToolRunTelemetry
{
    private const string ExecuteTool = "execute_tool";
    private const string Failed = "tool_failed";

    private readonly EngineTelemetry _telemetry;
    private readonly ToolRunSpec _spec;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Activity? _span;

    public ToolRunTelemetry(EngineTelemetry telemetry, ToolRunSpec spec, TimeProvider time)
    {
        _telemetry = telemetry;
        _spec = spec;
        _time = time;
        _started = time.GetTimestamp();
        if (EngineTelemetry.Spans.HasListeners())
            _span = StartSpan();
    }

    public void End(ToolRunOutcome outcome, bool cancelled)
    {
        var error = cancelled ? ErrorNames.Of(ErrorCode.Cancelled) : outcome is { Failed: true, Budget: null } ? Failed : null;
        if (_telemetry.Instruments.ToolRunDuration is { Enabled: true } durations)
        {
            var tags = new TagList { { GenAi.Operation, ExecuteTool }, { GenAi.ToolName, _spec.Tool.Name }, { GenAi.ToolType, "function" } };
            if (error is not null)
                tags.Add(GenAi.ErrorType, error);
            durations.Record(_time.GetElapsedTime(_started).TotalSeconds, tags);
        }

        if (_span is null)
            return;
        if (_telemetry.CapturesContent)
            _span.SetTag(GenAi.ToolResult, MessageContent.Cut(outcome.Content));
        if (error is not null)
            _span.SetTag(GenAi.ErrorType, error).SetStatus(ActivityStatusCode.Error);
        _span.Dispose();
    }

    private Activity? StartSpan()
    {
        var current = Activity.Current;
        var isElsewhere = ActivityContext.TryParse(_spec.TraceParent, null, isRemote: true, out var turn) && turn.TraceId != current?.TraceId;
        var span = EngineTelemetry.Spans.StartActivity(
            $"{ExecuteTool} {_spec.Tool.Name}", ActivityKind.Internal, isElsewhere ? turn : default,
            [new(GenAi.Operation, ExecuteTool), new(GenAi.ToolName, _spec.Tool.Name), new(GenAi.ToolType, "function"), new(GenAi.ToolCallId, _spec.CallId)],
            isElsewhere && current is not null ? [new ActivityLink(current.Context)] : null);
        span?.SetTag(GenAi.ToolRunId, _spec.RunId).SetTag(GenAi.TurnId, current?.GetTagItem(GenAi.TurnId));
        if (_telemetry.CapturesContent)
            span?.SetTag(GenAi.ToolArguments, MessageContent.Cut(_spec.Arguments));
        return span;
    }
}
