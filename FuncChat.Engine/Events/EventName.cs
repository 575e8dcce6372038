using FuncChat.Engine.Plans;
using FuncChat.Engine.Searches;

namespace FuncChat.Engine.Events;

/// <summary>The names of the events on the wire.</summary>
internal static class EventName
{
    public const string Status = "status";
    public const string ModelCallStarted = "llm_request";
    public const string ModelCallEnded = "llm_response";
    public const string Delta = "delta";
    public const string Reasoning = "reasoning";
    public const string ToolCallStarted = "tool_call_start";
    public const string ToolCallProgress = "tool_call_progress";
    public const string ToolCallEnded = "tool_call_result";
    public const string MessageCompleted = "message_complete";
    public const string MessageReset = "message_reset";
    public const string SearchStarted = "search_start";
    public const string QueryAnswered = "search_result";
    public const string QueryFailed = "search_error";
    public const string PlanMade = "plan";
    public const string TurnCompleted = "complete";
    public const string TurnFailed = "error";

    public static string Of(TurnEvent turnEvent) => turnEvent switch
    {
        Events.StatusEvent => Status,
        Events.ModelCallStarted => ModelCallStarted,
        Events.ModelCallEnded => ModelCallEnded,
        Events.ToolCallStarted => ToolCallStarted,
        Events.ToolCallProgress => ToolCallProgress,
        Events.ToolCallEnded => ToolCallEnded,
        Events.MessageCompleted => MessageCompleted,
        Events.MessageReset => MessageReset,
        Searches.SearchStarted => SearchStarted,
        Searches.QueryAnswered => QueryAnswered,
        Searches.QueryFailed => QueryFailed,
        Plans.PlanMade => PlanMade,
        Events.TurnCompleted or SearchCompleted or PlanCompleted => TurnCompleted,
        Events.TurnFailed => TurnFailed,
        _ => throw new ArgumentOutOfRangeException(nameof(turnEvent), turnEvent, "An event without a name."),
    };
}
