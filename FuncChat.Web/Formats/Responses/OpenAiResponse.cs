using System.ComponentModel.DataAnnotations;
using FuncChat.Engine;
using FuncChat.Engine.Models;

namespace FuncChat.Web.Formats.Responses;

/// <summary>OpenAI's `response`.</summary>
internal sealed record OpenAiResponse : ResponseSettings
{
    public OpenAiResponse(ResponseSettings settings)
        : base(settings)
    {
    }

    /// <summary>The turn's id. After an approval, the rest of the turn is a response of its own: `.2` follows the id, then `.3`.</summary>
    public required string Id { get; init; }

    [AllowedValues("response")]
    public string Object { get; } = "response";

    [AllowedValues("queued", "in_progress", "completed", "incomplete", "failed", "cancelled")]
    public required string Status { get; init; }

    /// <summary>When the response was completed, in seconds since 1970. Null if it was not, or if another protocol started its turn.</summary>
    public long? CompletedAt { get; init; }

    public ResponseError? Error { get; init; }

    public IncompleteDetails? IncompleteDetails { get; init; }

    [RawJson("ResponseItem", IsArray = true)]
    public required IReadOnlyList<RawJson> Output { get; init; }

    /// <summary>The tokens of all model calls, those of tools included. Null until the response ends, and if it failed before the provider reported any.</summary>
    public ResponseUsage? Usage { get; init; }

    [AllowedValues("disabled")]
    public string Truncation { get; } = "disabled";

    public int? MaxToolCalls { get; }

    public double PresencePenalty { get; }

    public double FrequencyPenalty { get; }

    public int TopLogprobs { get; }
}

/// <summary>Why a response failed.</summary>
internal sealed record ResponseError(string Code, string Message);

/// <summary>Why a response is incomplete.</summary>
internal sealed record IncompleteDetails([property: AllowedValues("max_output_tokens", "content_filter")] string Reason);

/// <summary>The tokens of a response.</summary>
internal sealed record ResponseUsage(
    long InputTokens, InputTokensDetails InputTokensDetails, long OutputTokens, OutputTokensDetails OutputTokensDetails, long TotalTokens)
{
    public static ResponseUsage Of(ModelUsage usage) => new(
        usage.InputTokens, new InputTokensDetails(usage.CachedInputTokens ?? 0, usage.CacheWriteInputTokens ?? 0),
        usage.OutputTokens, new OutputTokensDetails(usage.ReasoningTokens ?? 0), usage.InputTokens + usage.OutputTokens);
}

internal sealed record InputTokensDetails(long CachedTokens, long CacheWriteTokens);

internal sealed record OutputTokensDetails(long ReasoningTokens);

/// <summary>A page of items.</summary>
internal sealed record ResponseItemList(
    [property: AllowedValues("list")] string Object, [property: RawJson("ResponseItem", IsArray = true)] IReadOnlyList<RawJson> Data, string FirstId, string LastId, bool HasMore);

/// <summary>A response that was deleted.</summary>
internal sealed record DeletedResponse(string Id, [property: AllowedValues("response")] string Object, bool Deleted);
