using System.Text.Json;

namespace FuncChat.Engine.Turns;

/// <summary>A tool call as the model made it, once it is whole.</summary>
internal sealed record ToolCall(string Id, string Type, ToolCallFunction Function)
{
    public const string FunctionType = "function";
}

/// <param name="Arguments">A JSON object as text; what the model wrote, so it may be anything.</param>
internal sealed record ToolCallFunction(string Name, string Arguments);

/// <summary>Of OpenAI's assistant message, what the turn goes by. Its content may be long, and nobody here needs it.</summary>
internal sealed record AssistantMessage(IReadOnlyList<ToolCall>? ToolCalls);

/// <summary>OpenAI's tool message.</summary>
internal sealed record ToolMessage(string Role, string ToolCallId, string Content)
{
    public static RawJson Of(string toolCallId, string content) =>
        new(JsonSerializer.SerializeToUtf8Bytes(new ToolMessage("tool", toolCallId, content), EngineJson.Relaxed.ToolMessage));
}
