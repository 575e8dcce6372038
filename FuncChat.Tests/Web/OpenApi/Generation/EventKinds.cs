using FuncChat.Engine.Events;

namespace FuncChat.Tests.Web.OpenApi.Generation;

/// <summary>The events of each kind of turn. An event that is not listed for another kind is one of chats.</summary>
internal static class EventKinds
{
    private static readonly Type[] OfSearch = [typeof(SearchStartEvent), typeof(SearchResultEvent), typeof(SearchErrorEvent), typeof(SearchCompleteEvent)];

    private static readonly Type[] OfPlan = [typeof(PlanEvent), typeof(PlanCompleteEvent)];

    private static readonly Type[] PlanShares =
    [
        typeof(StatusEvent), typeof(LlmRequestEvent), typeof(LlmRetryEvent), typeof(ReasoningEvent), typeof(LlmResponseEvent), typeof(MessageResetEvent),
    ];

    /// <summary>The kinds, by the component that is the union of their events.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<TurnEventType>> All { get; } = new Dictionary<string, IReadOnlyList<TurnEventType>>
    {
        ["ChatEvent"] = Where(record => !OfSearch.Contains(record) && !OfPlan.Contains(record)),
        ["SearchEvent"] = Where(record => OfSearch.Contains(record) || record == typeof(ErrorEvent)),
        ["PlanEvent"] = Where(record => OfPlan.Contains(record) || PlanShares.Contains(record) || record == typeof(ErrorEvent)),
    };

    private static List<TurnEventType> Where(Func<Type, bool> isOfKind) => [.. TurnEventCodec.Types.Where(type => isOfKind(type.RecordType))];
}
