using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using FuncChat.Engine;
using FuncChat.Engine.Models;

namespace FuncChat.Web.Formats.OpenAiChat;

/// <summary>OpenAI's `chat.completion`.</summary>
/// <param name="Id">The turn's id.</param>
/// <param name="ToolMessages">The messages that the turn added before its answer: tool calls and their results.</param>
internal sealed record Completion(
    string Id, [property: AllowedValues("chat.completion")] string Object, long Created, string Model, IReadOnlyList<CompletionChoice> Choices, CompletionUsage Usage,
    IReadOnlyList<RawJson> ToolMessages);

internal sealed record CompletionChoice(int Index, RawJson Message, string FinishReason);

/// <summary>The tokens of all model calls of the turn.</summary>
internal sealed record CompletionUsage(long PromptTokens, long CompletionTokens, long TotalTokens)
{
    public static CompletionUsage Of(ModelUsage usage) => new(usage.InputTokens, usage.OutputTokens, usage.InputTokens + usage.OutputTokens);
}

/// <summary>OpenAI's `chat.completion.chunk`.</summary>
internal sealed record CompletionChunk(
    string Id, [property: AllowedValues("chat.completion.chunk")] string Object, long Created, string Model, IReadOnlyList<ChunkChoice> Choices)
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
    public JsonText? Content { get; init; }
}

/// <summary>OpenAI's error in the middle of a stream.</summary>
internal sealed record ChunkError(ChunkErrorBody Error);

internal sealed record ChunkErrorBody(string Message, string Type, string Code);
