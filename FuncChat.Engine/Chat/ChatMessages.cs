using System.Text.Json;

namespace FuncChat.Engine.Chat;

/// <summary>A complete tool call as the model made it.</summary>
internal sealed record ToolCall(string Id, string Type, ToolCallFunction Function)
{
    public const string FunctionType = "function";
}

/// <param name="Arguments">A JSON object as text; the model wrote it, so it may be anything.</param>
internal sealed record ToolCallFunction(string Name, string Arguments);

/// <summary>The part of OpenAI's assistant message that the turn depends on. Its content may be long, and is not read.</summary>
internal sealed record AssistantMessage(IReadOnlyList<ToolCall>? ToolCalls);

/// <summary>An OpenAI chat message that contains nothing but text.</summary>
internal sealed record PlainMessage(string Role, string Content)
{
    public static byte[] Write(string role, string content) => JsonSerializer.SerializeToUtf8Bytes(new PlainMessage(role, content), EngineJson.Relaxed.PlainMessage);
}

/// <summary>OpenAI's tool message.</summary>
internal sealed record ToolMessage(string Role, string ToolCallId, string Content)
{
    public static RawJson Of(string toolCallId, string content) =>
        new(JsonSerializer.SerializeToUtf8Bytes(new ToolMessage("tool", toolCallId, content), EngineJson.Relaxed.ToolMessage));
}
