using FuncChat.Engine.Plans;
using FuncChat.Engine.Searches;

namespace FuncChat.Engine.Events;

/// <summary>The names of the events on the wire.</summary>
internal static class EventName
{
    public const string Status = "status";
    public const string LlmRequestEvent = "llm_request";
    public const string LlmResponseEvent = "llm_response";
    public const string Delta = "delta";
    public const string Reasoning = "reasoning";
    public const string ToolCallStartEvent = "tool_call_start";
    public const string ToolCallProgressEvent = "tool_call_progress";
    public const string ToolCallResultEvent = "tool_call_result";
    public const string MessageCompleteEvent = "message_complete";
    public const string MessageResetEvent = "message_reset";
    public const string SearchStartEvent = "search_start";
    public const string SearchResultEvent = "search_result";
    public const string SearchErrorEvent = "search_error";
    public const string PlanEvent = "plan";
    public const string CompleteEvent = "complete";
    public const string ErrorEvent = "error";

    public static string Of(TurnEvent turnEvent) => turnEvent switch
    {
        Events.StatusEvent => Status,
        Events.LlmRequestEvent => LlmRequestEvent,
        Events.LlmResponseEvent => LlmResponseEvent,
        Events.ToolCallStartEvent => ToolCallStartEvent,
        Events.ToolCallProgressEvent => ToolCallProgressEvent,
        Events.ToolCallResultEvent => ToolCallResultEvent,
        Events.MessageCompleteEvent => MessageCompleteEvent,
        Events.MessageResetEvent => MessageResetEvent,
        Searches.SearchStartEvent => SearchStartEvent,
        Searches.SearchResultEvent => SearchResultEvent,
        Searches.SearchErrorEvent => SearchErrorEvent,
        Plans.PlanEvent => PlanEvent,
        Events.CompleteEvent or SearchCompleteEvent or PlanCompleteEvent => CompleteEvent,
        Events.ErrorEvent => ErrorEvent,
        _ => throw new ArgumentOutOfRangeException(nameof(turnEvent), turnEvent, "An event without a name."),
    };
}
