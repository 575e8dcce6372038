using System.Runtime.InteropServices;
using System.Text.Json;

namespace FuncChat.Engine.Models.Anthropic;

/// <summary>The tokens of a message. Its figures are cumulative, and its input excludes what the cache has.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AnthropicUsage(long? Input, long? Output, long? CacheRead, long? CacheWrite)
{
    /// <summary>The figures of an object with `usage`, over the ones so far.</summary>
    public AnthropicUsage With(JsonElement element)
    {
        if (!element.TryGetProperty("usage", out var usage) || usage.ValueKind is not JsonValueKind.Object)
            return this;
        return new AnthropicUsage(
            UsageJson.Later(Number(usage, "input_tokens"), Input), UsageJson.Later(Number(usage, "output_tokens"), Output),
            UsageJson.Later(Number(usage, "cache_read_input_tokens"), CacheRead), UsageJson.Later(Number(usage, "cache_creation_input_tokens"), CacheWrite));
    }

    /// <summary>The figures on the scale of all providers; null where there are none.</summary>
    public ModelUsage? ToUsage() => Input is null && Output is null
        ? null
        : new ModelUsage((Input ?? 0) + (CacheRead ?? 0) + (CacheWrite ?? 0), Output ?? 0) { CachedInputTokens = CacheRead, CacheWriteInputTokens = CacheWrite };

    private static long? Number(JsonElement usage, string name) =>
        usage.TryGetProperty(name, out var value) ? UsageJson.Number(value) : null;
}
