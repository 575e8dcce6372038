using System.ComponentModel.DataAnnotations;
using FuncChat.Engine;

namespace FuncChat.Web.Formats.UiMessages;

/// <summary>A chunk of the AI SDK's UI message stream. Which fields a chunk has follows from its type.</summary>
/// <param name="Type">`start`, `text-delta`, `tool-output-available` and so on, or `data-` and the name of a data part.</param>
internal sealed record UiMessageChunk(string Type)
{
    /// <summary>Identifies a text, reasoning or data part.</summary>
    public string? Id { get; init; }

    public string? MessageId { get; init; }

    public JsonText? Delta { get; init; }

    public string? ToolCallId { get; init; }

    public string? ToolName { get; init; }

    /// <summary>The arguments of a tool call: an object, or a string if they are not valid JSON.</summary>
    [RawJson("JsonValue")]
    public RawJson? Input { get; init; }

    /// <summary>Arguments of a tool call that are cut or invalid, as the model wrote them.</summary>
    public string? InputTextDelta { get; init; }

    /// <summary>The result of a tool call: a string, or the object or array that it is the JSON of.</summary>
    [RawJson("JsonValue")]
    public RawJson? Output { get; init; }

    public string? ErrorText { get; init; }

    /// <summary>True for tools that the server runs: the client must not run them.</summary>
    public bool? ProviderExecuted { get; init; }

    /// <summary>True for tools that the app need not know.</summary>
    public bool? Dynamic { get; init; }

    public string? ApprovalId { get; init; }

    public string? SourceId { get; init; }

    public string? Url { get; init; }

    public string? Title { get; init; }

    /// <summary>The content of a data part.</summary>
    [RawJson("JsonObject")]
    public RawJson? Data { get; init; }

    /// <summary>True for a data part that is not kept in the message.</summary>
    public bool? Transient { get; init; }

    public UiProviderMetadata? ProviderMetadata { get; init; }

    /// <summary>Why the answer ends here, as the AI SDK calls it. Absent if it was stopped.</summary>
    [AllowedValues("stop", "length", "content-filter", "tool-calls", "error")]
    public string? FinishReason { get; init; }

    public UiMessageMetadata? MessageMetadata { get; init; }
}

/// <summary>What the client sends back with a part.</summary>
internal sealed record UiProviderMetadata(UiFuncChatMetadata Funcchat);

/// <param name="ProviderData">The state of the assistant message that its provider wants back.</param>
internal sealed record UiFuncChatMetadata([property: RawJson("JsonObject")] RawJson ProviderData);

/// <summary>The metadata of a message.</summary>
internal sealed record UiMessageMetadata
{
    /// <summary>The id of the latest turn of the message.</summary>
    public string? TurnId { get; init; }

    /// <summary>The model as `provider:name`.</summary>
    public string? Model { get; init; }

    public UiUsage? Usage { get; init; }

    /// <summary>Why the answer is cut short: `length` or `max_iterations`. Absent if it is complete.</summary>
    public string? StoppedBy { get; init; }
}

/// <summary>The tokens of the turn, in the words of the AI SDK.</summary>
internal sealed record UiUsage(long InputTokens, long OutputTokens, long TotalTokens)
{
    public long? CachedInputTokens { get; init; }

    public long? ReasoningTokens { get; init; }
}
