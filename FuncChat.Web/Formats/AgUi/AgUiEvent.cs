using FuncChat.Engine;

namespace FuncChat.Web.Formats.AgUi;

/// <summary>An event of AG-UI. Which fields an event has follows from its type.</summary>
/// <param name="Type">`RUN_STARTED`, `TEXT_MESSAGE_CONTENT` and so on.</param>
internal sealed record AgUiEvent(string Type)
{
    public string? ThreadId { get; init; }

    public string? RunId { get; init; }

    public string? MessageId { get; init; }

    public string? Role { get; init; }

    public JsonText? Delta { get; init; }

    public string? ToolCallId { get; init; }

    public string? ToolCallName { get; init; }

    public string? ParentMessageId { get; init; }

    /// <summary>The result of a tool call, a string; or the content of an activity, an object.</summary>
    [RawJson("JsonValue")]
    public RawJson? Content { get; init; }

    public string? ActivityType { get; init; }

    public string? StepName { get; init; }

    /// <summary>The state of the thread, which is the client's.</summary>
    [RawJson("JsonValue")]
    public RawJson? Snapshot { get; init; }

    /// <summary>All messages of the thread.</summary>
    [RawJson("JsonObject", IsArray = true)]
    public RawJson? Messages { get; init; }

    public AgUiOutcome? Outcome { get; init; }

    public IReadOnlyList<AgUiUsage>? Usage { get; init; }

    /// <summary>The message of an error.</summary>
    public string? Message { get; init; }

    public string? Code { get; init; }

    public string? Subtype { get; init; }

    public string? EntityId { get; init; }

    /// <summary>What the client sends back with the message.</summary>
    public string? EncryptedValue { get; init; }
}

/// <summary>How a run ended.</summary>
/// <param name="Type">`success`, `interrupt` or `cancelled`.</param>
internal sealed record AgUiOutcome(string Type)
{
    /// <summary>What the run waits for.</summary>
    public IReadOnlyList<AgUiInterrupt>? Interrupts { get; init; }

    /// <summary>The calls of tools that the client runs.</summary>
    public IReadOnlyList<string>? PendingToolCallIds { get; init; }
}

/// <summary>A request to a person.</summary>
/// <param name="Reason">`tool_call`, `input_required` or `confirmation`.</param>
internal sealed record AgUiInterrupt(string Id, string Reason, string? Message, DateTimeOffset ExpiresAt)
{
    public string? ToolCallId { get; init; }

    [RawJson("JsonSchema")]
    public RawJson? ResponseSchema { get; init; }
}

/// <summary>The tokens of a run.</summary>
internal sealed record AgUiUsage(string? Provider, string? Model, long InputTokens, long OutputTokens, long TotalTokens)
{
    public long? CachedInputTokens { get; init; }

    public long? ReasoningTokens { get; init; }
}
