using FuncChat.Engine.Events;
using FuncChat.Engine.Models;
using FuncChat.Web.Catalog;
using FuncChat.Web.Chat;
using FuncChat.Web.Http;
using FuncChat.Web.Plans;

namespace FuncChat.Tests.Web.OpenApi.Generation;

/// <summary>
/// The names of components. A component has the name of its record; these have others, after which clients may have named their own types.
/// The data of an event is named after the event's record, with Data in place of Event.
/// </summary>
internal static class ComponentNames
{
    private static readonly Dictionary<Type, string> Names = new()
    {
        [typeof(SamplingFields)] = "Sampling",
        [typeof(AnsweredQuestion)] = "PlanAnswer",
        [typeof(ProblemDocument)] = "Problem",
        [typeof(HealthReportDocument)] = "Health",
        [typeof(ConfigDocument)] = "Config",
        [typeof(SignInDocument)] = "SignIn",
        [typeof(LimitsDocument)] = "Limits",
        [typeof(ModelUsage)] = "Usage",
        [typeof(DeltaEvent)] = "TextPiece",
        [typeof(ReasoningEvent)] = "ReasoningPiece",
    };

    private static readonly Dictionary<Type, string> EventNames = new()
    {
        [typeof(LlmRequestEvent)] = "ModelCallStarted",
        [typeof(LlmRetryEvent)] = "ModelCallRetried",
        [typeof(LlmResponseEvent)] = "ModelCallEnded",
        [typeof(DeltaEvent)] = "Delta",
        [typeof(ReasoningEvent)] = "Reasoning",
        [typeof(ToolCallStartEvent)] = "ToolCallStarted",
        [typeof(ToolCallProgressEvent)] = "ToolCallProgress",
        [typeof(ToolCallResultEvent)] = "ToolCallEnded",
        [typeof(CitationEvent)] = "SourceFound",
        [typeof(ClientToolCallsEvent)] = "ClientToolCalls",
        [typeof(MessageCompleteEvent)] = "MessageCompleted",
        [typeof(MessageResetEvent)] = "MessageReset",
        [typeof(CompleteEvent)] = "ChatCompleted",
        [typeof(ErrorEvent)] = "TurnFailed",
        [typeof(SearchStartEvent)] = "SearchStarted",
        [typeof(SearchResultEvent)] = "QueryAnswered",
        [typeof(SearchErrorEvent)] = "QueryFailed",
        [typeof(SearchCompleteEvent)] = "SearchCompleted",
        [typeof(PlanEvent)] = "PlanMade",
        [typeof(PlanCompleteEvent)] = "PlanCompleted",
    };

    public static string Of(Type record) => Names.GetValueOrDefault(record)
        ?? (record.IsSubclassOf(typeof(TurnEvent)) ? $"{record.Name[..^"Event".Length]}Data" : record.Name);

    /// <summary>The name of an event with its name and data.</summary>
    public static string OfEvent(Type record) => EventNames.GetValueOrDefault(record) ?? record.Name;
}
