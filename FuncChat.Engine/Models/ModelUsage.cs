using System.Text.Json.Serialization;

namespace FuncChat.Engine.Models;

/// <summary>
/// Tokens used, on one scale for every provider: <see cref="InputTokens"/> include cached ones and those written to the cache,
/// <see cref="OutputTokens"/> include reasoning.
/// </summary>
public sealed record ModelUsage(
    [property: JsonPropertyName("input_tokens")] long InputTokens,
    [property: JsonPropertyName("output_tokens")] long OutputTokens)
{
    /// <summary>More than any call uses; a provider that reports more can't overflow a sum.</summary>
    internal const long Most = 1_000_000_000_000;

    /// <summary>Tokens read from the provider's cache. Part of the input tokens.</summary>
    [JsonPropertyName("cached_input_tokens"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? CachedInputTokens { get; init; }

    /// <summary>Tokens written to the provider's cache, which some providers charge for separately. Part of the input tokens.</summary>
    [JsonPropertyName("cache_write_input_tokens"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? CacheWriteInputTokens { get; init; }

    /// <summary>Part of the output tokens.</summary>
    [JsonPropertyName("reasoning_tokens"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ReasoningTokens { get; init; }

    /// <summary>What the tokens cost, in the currency of the server's prices. Absent if no model has a price.</summary>
    [JsonPropertyName("cost"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? Cost { get; init; }

    public static ModelUsage operator +(ModelUsage left, ModelUsage right) => Add(left, right);

    public static ModelUsage Add(ModelUsage left, ModelUsage right) =>
        new(left.InputTokens + right.InputTokens, left.OutputTokens + right.OutputTokens)
        {
            CachedInputTokens = Add(left.CachedInputTokens, right.CachedInputTokens),
            CacheWriteInputTokens = Add(left.CacheWriteInputTokens, right.CacheWriteInputTokens),
            ReasoningTokens = Add(left.ReasoningTokens, right.ReasoningTokens),
            Cost = left.Cost is null && right.Cost is null ? null : (left.Cost ?? 0) + (right.Cost ?? 0),
        };

    private static long? Add(long? left, long? right) => left is null && right is null ? null : (left ?? 0) + (right ?? 0);
}
