using System.Text.Json;
using System.Text.Json.Serialization;
using FuncChat.Engine.Events;
using FuncChat.Engine.Plans;
using FuncChat.Engine.Searches;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using FuncChat.Engine.Turns;

namespace FuncChat.Engine;

/// <summary>How the engine writes JSON: snake_case, nulls left out. Text beyond ASCII stays readable; nobody embeds it in HTML.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(StatusEvent))]
[JsonSerializable(typeof(LlmRequestEvent))]
[JsonSerializable(typeof(LlmResponseEvent))]
[JsonSerializable(typeof(ToolCallStartEvent))]
[JsonSerializable(typeof(ToolCallProgressEvent))]
[JsonSerializable(typeof(ToolCallResultEvent))]
[JsonSerializable(typeof(MessageResetEvent))]
[JsonSerializable(typeof(CompleteEvent))]
[JsonSerializable(typeof(ErrorEvent))]
[JsonSerializable(typeof(SearchStartEvent))]
[JsonSerializable(typeof(SearchResultEvent))]
[JsonSerializable(typeof(SearchErrorEvent))]
[JsonSerializable(typeof(SearchCompleteEvent))]
[JsonSerializable(typeof(PlanEvent))]
[JsonSerializable(typeof(PlanCompleteEvent))]
[JsonSerializable(typeof(TurnHeader))]
[JsonSerializable(typeof(AssistantMessage))]
[JsonSerializable(typeof(ToolMessage))]
[JsonSerializable(typeof(PlainMessage))]
[JsonSerializable(typeof(ToolRunEntry))]
[JsonSerializable(typeof(RemoteToolRunStatus))]
[JsonSerializable(typeof(IReadOnlyList<ToolCall>))]
internal sealed partial class EngineJson : JsonSerializerContext
{
    /// <summary>The context that everything is written with.</summary>
    public static EngineJson Relaxed { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
