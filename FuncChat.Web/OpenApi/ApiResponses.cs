using FuncChat.Web.Formats.UiMessages;
using FuncChat.Web.Http;

namespace FuncChat.Web.OpenApi;

/// <summary>The responses that several operations share.</summary>
internal static class ApiResponses
{
    private const string StreamDescription =
        "The turn's events. Each has an id that increases, starting at 1, the event's name, and JSON as its data; the schema shows the name and the data. "
        + "Comments fill silence.";

    public static readonly Dictionary<string, string> TurnId = new() { ["X-Turn-Id"] = "TurnId" };

    public static ApiResponse Problem { get; } =
        new(0, "What is wrong, and what to do about it.", new ApiContent("application/problem+json") { Records = [WebJson.Relaxed.ProblemDocument] })
        {
            Component = "Problem",
            Headers = new Dictionary<string, string> { ["Retry-After"] = "RetryAfter" },
        };

    public static ApiResponse OpenAiError { get; } =
        new(0, "The error, in OpenAI's shape.", ApiContent.Json(WebJson.Relaxed.OpenAiError))
        {
            Component = "OpenAiError",
            Headers = new Dictionary<string, string> { ["Retry-After"] = "RetryAfter" },
        };

    public static ApiResponse Sentence { get; } =
        new(0, "What is wrong, as a sentence: the AI SDK shows it as it is.", new ApiContent("text/plain") { Components = ["Sentence"] })
        {
            Component = "Sentence",
            Headers = new Dictionary<string, string> { ["Retry-After"] = "RetryAfter" },
        };

    public static ApiResponse UiMessageStream { get; } =
        new(
            200, "The chunks of the AI SDK's UI message stream, as `data:` records, ended by [DONE].",
            new ApiContent("text/event-stream") { Records = [UiMessageJson.Relaxed.UiMessageChunk] })
        {
            Component = "UiMessageStream",
            Headers = TurnId,
        };

    public static ApiResponse ChatStream { get; } =
        new(200, StreamDescription, ApiContent.EventStream("ChatEvent")) { Component = "ChatStream", Headers = TurnId };

    public static ApiResponse SearchStream { get; } =
        new(200, StreamDescription, ApiContent.EventStream("SearchEvent")) { Component = "SearchStream", Headers = TurnId };

    public static ApiResponse PlanStream { get; } =
        new(200, StreamDescription, ApiContent.EventStream("PlanEvent")) { Component = "PlanStream", Headers = TurnId };

    public static ApiResponse TurnStream { get; } =
        new(
            200, "The events of a chat, a search or a plan, after the last one that you have. A `format` other than `native` has that format's shape.",
            ApiContent.EventStream("ChatEvent", "SearchEvent", "PlanEvent"))
        {
            Component = "TurnStream",
            Headers = TurnId,
        };

    public static ApiResponse NothingLeft { get; } = new(204, "The turn has ended or is parked, and you have all its events.");

    public static ApiResponse Unchanged { get; } = new(304, "What you have is still the same.");

    public static ApiResponse Stopped { get; } = new(204, "The turn is stopped, or had already ended.");
}
