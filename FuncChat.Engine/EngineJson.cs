using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Events;
using FuncChat.Engine.Plans;
using FuncChat.Engine.Searches;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Turns;
using FuncChat.Engine.Usage;

namespace FuncChat.Engine;

/// <summary>The engine's JSON: snake_case, without nulls. Text beyond ASCII is not escaped, since no client embeds it in HTML.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(StatusEvent))]
[JsonSerializable(typeof(LlmRequestEvent))]
[JsonSerializable(typeof(LlmRetryEvent))]
[JsonSerializable(typeof(LlmResponseEvent))]
[JsonSerializable(typeof(CitationEvent))]
[JsonSerializable(typeof(ClientToolCallsEvent))]
[JsonSerializable(typeof(DeltaEvent))]
[JsonSerializable(typeof(ReasoningEvent))]
[JsonSerializable(typeof(ToolCallStartEvent))]
[JsonSerializable(typeof(ToolCallProgressEvent))]
[JsonSerializable(typeof(ToolCallResultEvent))]
[JsonSerializable(typeof(MessageResetEvent))]
[JsonSerializable(typeof(CompleteEvent))]
[JsonSerializable(typeof(ErrorEvent))]
[JsonSerializable(typeof(ApprovalRequestEvent))]
[JsonSerializable(typeof(InputRequestEvent))]
[JsonSerializable(typeof(BudgetRequestEvent))]
[JsonSerializable(typeof(BudgetWarningEvent))]
[JsonSerializable(typeof(RequestAnsweredEvent))]
[JsonSerializable(typeof(ParkedEvent))]
[JsonSerializable(typeof(SearchStartEvent))]
[JsonSerializable(typeof(SearchResultEvent))]
[JsonSerializable(typeof(SearchErrorEvent))]
[JsonSerializable(typeof(SearchCompleteEvent))]
[JsonSerializable(typeof(PlanEvent))]
[JsonSerializable(typeof(PlanCompleteEvent))]
[JsonSerializable(typeof(TurnHeader))]
[JsonSerializable(typeof(TurnSignal))]
[JsonSerializable(typeof(RequestAnswer))]
[JsonSerializable(typeof(ChatTurnRequest))]
[JsonSerializable(typeof(SearchTurnRequest))]
[JsonSerializable(typeof(PlanTurnRequest))]
[JsonSerializable(typeof(AssistantMessage))]
[JsonSerializable(typeof(ToolMessage))]
[JsonSerializable(typeof(PlainMessage))]
[JsonSerializable(typeof(ToolRunEntry))]
[JsonSerializable(typeof(ToolRunSnapshot))]
[JsonSerializable(typeof(ToolTaskStart))]
[JsonSerializable(typeof(IReadOnlyList<ToolCall>))]
[JsonSerializable(typeof(ThreadDocument))]
[JsonSerializable(typeof(ThreadKey))]
[JsonSerializable(typeof(TurnKey))]
[JsonSerializable(typeof(ThreadSummary))]
[JsonSerializable(typeof(ThreadTurnContent))]
[JsonSerializable(typeof(StoredUsage))]
internal sealed partial class EngineJson : JsonSerializerContext
{
    /// <summary>The context for everything that is written.</summary>
    public static EngineJson Relaxed { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The options for JSON of no type of this context, such as a model's: names and nulls as they are.</summary>
    public static JsonSerializerOptions ReadableOptions { get; } = new() { Encoder = Relaxed.Options.Encoder };

    /// <summary>The options for JSON that is written field by field.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = Relaxed.Options.Encoder };

    /// <summary>
    /// The options for what this server has stored itself: a value that must be there, and is missing or null, is an error. Values that an earlier version did not
    /// write are nullable.
    /// </summary>
    public static JsonSerializerOptions Stored { get; } = new(Relaxed.Options)
    {
        RespectNullableAnnotations = true,
        TypeInfoResolver = Relaxed.WithAddedModifier(RequireValues),
    };

    /// <summary>A type of what this server has stored itself, with the options <see cref="Stored"/>.</summary>
    public static JsonTypeInfo<T> StoredType<T>() => (JsonTypeInfo<T>)Stored.GetTypeInfo(typeof(T));

    /// <summary>Makes each value of a record's constructor required that can't be null.</summary>
    internal static void RequireValues(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.AssociatedParameter is { IsMemberInitializer: false, HasDefaultValue: false, IsNullable: false } value && Nullable.GetUnderlyingType(value.ParameterType) is null)
                property.IsRequired = true;
        }
    }
}
