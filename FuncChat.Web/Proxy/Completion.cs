using System.Text.Json;
using System.Text.Json.Serialization;
using FuncChat.Engine;

namespace FuncChat.Web.Proxy;

/// <summary>OpenAI's `chat.completion`, with what the turn added before its answer under `tool_messages`.</summary>
internal sealed record Completion(
    string Id, string Object, long Created, string Model, IReadOnlyList<CompletionChoice> Choices, CompletionUsage Usage,
    IReadOnlyList<RawJson> ToolMessages);

internal sealed record CompletionChoice(int Index, RawJson Message, string FinishReason);

internal sealed record CompletionUsage(long PromptTokens, long CompletionTokens, long TotalTokens)
{
    public static CompletionUsage Of(JsonElement usage)
    {
        var input = usage.GetProperty("input_tokens").GetInt64();
        var output = usage.GetProperty("output_tokens").GetInt64();
        return new CompletionUsage(input, output, input + output);
    }
}

/// <summary>OpenAI's `chat.completion.chunk`.</summary>
internal sealed record CompletionChunk(string Id, string Object, long Created, string Model, IReadOnlyList<ChunkChoice> Choices)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CompletionUsage? Usage { get; init; }
}

internal sealed record ChunkChoice(int Index, ChunkDelta Delta, string? FinishReason);

internal sealed record ChunkDelta
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RawJson? Content { get; init; }
}

/// <summary>How OpenAI reports an error in the middle of a stream.</summary>
internal sealed record ChunkError(ChunkErrorBody Error);

internal sealed record ChunkErrorBody(string Message, string Type, string Code);
