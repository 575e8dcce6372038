using FuncChat.Engine;

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

/// <summary>What is stored with a turn that an AG-UI client started.</summary>
/// <param name="Messages">The client's messages.</param>
/// <param name="State">The client's state.</param>
internal sealed record StoredAgUiRun(string ThreadId, string RunId, RawJson Messages, RawJson? State)
{
    /// <summary>The version of the protocol that the client names; null before 1.0.</summary>
    public string? ProtocolVersion { get; init; }
}
