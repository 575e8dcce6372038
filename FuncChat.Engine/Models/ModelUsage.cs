using System.Text.Json.Serialization;

namespace FuncChat.Engine.Models;

/// <summary>Tokens used, as the provider counts them.</summary>
public sealed record ModelUsage(
    [property: JsonPropertyName("input_tokens")] long InputTokens,
    [property: JsonPropertyName("output_tokens")] long OutputTokens)
{
    [JsonPropertyName("cached_input_tokens"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? CachedInputTokens { get; init; }

    [JsonPropertyName("reasoning_tokens"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ReasoningTokens { get; init; }

    public static ModelUsage operator +(ModelUsage left, ModelUsage right) => Add(left, right);

    public static ModelUsage Add(ModelUsage left, ModelUsage right) =>
        new(left.InputTokens + right.InputTokens, left.OutputTokens + right.OutputTokens)
        {
            CachedInputTokens = Add(left.CachedInputTokens, right.CachedInputTokens),
            ReasoningTokens = Add(left.ReasoningTokens, right.ReasoningTokens),
        };

    private static long? Add(long? left, long? right) => left is null && right is null ? null : (left ?? 0) + (right ?? 0);
}
