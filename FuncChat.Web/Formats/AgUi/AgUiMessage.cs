namespace FuncChat.Web.Formats.AgUi;

/// <summary>A message that a turn has written, as `MESSAGES_SNAPSHOT` has it.</summary>
internal sealed record AgUiMessage(string Id, string Role)
{
    public string? Content { get; init; }

    public IReadOnlyList<AgUiToolCall>? ToolCalls { get; init; }

    public string? ToolCallId { get; init; }

    public string? EncryptedValue { get; init; }
}

internal sealed record AgUiToolCall(string Id, string Type, AgUiFunction Function);

/// <param name="Arguments">JSON, as text.</param>
internal sealed record AgUiFunction(string Name, string Arguments);
