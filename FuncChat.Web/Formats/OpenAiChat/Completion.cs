using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using FuncChat.Engine;
using FuncChat.Engine.Models;

namespace FuncChat.Web.Formats.OpenAiChat;

/// <summary>OpenAI's `chat.completion` with the messages of the tools.</summary>
/// <param name="Id">The turn's id.</param>
/// <param name="ToolMessages">The messages that the turn added before its answer: tool calls and their results.</param>
internal sealed record Completion(
    string Id, [property: AllowedValues("chat.completion")] string Object, long Created, string Model, IReadOnlyList<CompletionChoice> Choices, CompletionUsage Usage,
    IReadOnlyList<RawJson> ToolMessages);

/// <summary>OpenAI's `chat.completion`.</summary>
/// <param name="Id">The turn's id.</param>
internal sealed record OpenAiCompletion(
    string Id, [property: AllowedValues("chat.completion")] string Object, long Created, string Model, IReadOnlyList<CompletionChoice> Choices, CompletionUsage Usage);

internal sealed record CompletionChoice(int Index, RawJson Message, string FinishReason);

/// <summary>The tokens of all model calls of the turn.</summary>
internal sealed record CompletionUsage(long PromptTokens, long CompletionTokens, long TotalTokens)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PromptTokensDetails? PromptTokensDetails { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CompletionTokensDetails? CompletionTokensDetails { get; init; }

    /// <summary>What the tokens cost, in the currency of the server's prices. Absent if no model has a price.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? Cost { get; init; }

    public static CompletionUsage Of(ModelUsage usage) => new(usage.InputTokens, usage.OutputTokens, usage.InputTokens + usage.OutputTokens)
    {
        PromptTokensDetails = usage.CachedInputTokens is { } cached ? new PromptTokensDetails(cached) : null,
        Cost = usage.Cost,
        CompletionTokensDetails = usage.ReasoningTokens is { } reasoning ? new CompletionTokensDetails(reasoning) : null,
    };
}

internal sealed record PromptTokensDetails(long CachedTokens);

internal sealed record CompletionTokensDetails(long ReasoningTokens);

/// <summary>OpenAI's `chat.completion.chunk`.</summary>
internal sealed record CompletionChunk(
    string Id, [property: AllowedValues("chat.completion.chunk")] string Object, long Created, string Model, IReadOnlyList<ChunkChoice> Choices)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CompletionUsage? Usage { get; init; }
}

/// <summary>A chunk of a stream that ends with the usage: null until the last one, which has no choices.</summary>
internal sealed record CompletionUsageChunk(
    string Id, [property: AllowedValues("chat.completion.chunk")] string Object, long Created, string Model, IReadOnlyList<ChunkChoice> Choices,
    CompletionUsage? Usage);

internal sealed record ChunkChoice(int Index, ChunkDelta Delta, string? FinishReason);

/// <summary>A piece of the answer.</summary>
internal sealed record ChunkDelta
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonText? Content { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonText? ReasoningContent { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Refusal { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ChunkToolCall>? ToolCalls { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Annotation>? Annotations { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [RawJson("ProviderData")]
    public RawJson? ProviderData { get; init; }
}

/// <summary>A source that the answer cites.</summary>
internal sealed record Annotation([property: AllowedValues("url_citation")] string Type, UrlCitation UrlCitation)
{
    /// <inheritdoc cref="CitedSources.In"/>
    public static List<Annotation> Of(string text, CitedSources sources, bool isWhole) =>
        [.. sources.In(text, isWhole).Select(cited => new Annotation("url_citation", new UrlCitation(cited.Start, cited.End, cited.Source.Url, cited.Source.Title)))];
}

/// <param name="StartIndex">Where the citation starts in the content.</param>
internal sealed record UrlCitation(int StartIndex, int EndIndex, string Url, string Title);

/// <summary>A call of a tool that the client runs.</summary>
/// <param name="Index">The position among the calls, from 0.</param>
internal sealed record ChunkToolCall(int Index, string Id, string Type, ChunkToolFunction Function);

/// <param name="Arguments">A JSON object as text or, if they are cut or invalid, what the model wrote.</param>
internal sealed record ChunkToolFunction(string Name, string Arguments);

/// <summary>OpenAI's error in the middle of a stream, as `POST /api/proxy` sends it.</summary>
internal sealed record ChunkError(ChunkErrorBody Error);

internal sealed record ChunkErrorBody(string Message, string Type, string Code);
