using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace FuncChat.Engine.Models;

/// <summary>The `usage` object of chat completions and of Responses, on one scale: cached input and reasoning are part of input and output.</summary>
internal static class UsageJson
{
    /// <summary>Reads the object that the reader is at; null when it counts nothing.</summary>
    public static ModelUsage? Read(ref Utf8JsonReader reader)
    {
        long? input = null, output = null, total = null, cached = null, written = null, reasoning = null;
        var depth = reader.CurrentDepth;
        while (reader.Read() && !(reader.TokenType is JsonTokenType.EndObject && reader.CurrentDepth == depth))
        {
            // The details are objects in it, whose names are unlike all others: no need to track where they are.
            if (reader.TokenType is not JsonTokenType.PropertyName)
                continue;
            if (reader.ValueTextEquals("prompt_tokens"u8) || reader.ValueTextEquals("input_tokens"u8))
                ReadNumber(ref reader, ref input);
            else if (reader.ValueTextEquals("completion_tokens"u8) || reader.ValueTextEquals("output_tokens"u8))
                ReadNumber(ref reader, ref output);
            else if (reader.ValueTextEquals("total_tokens"u8))
                ReadNumber(ref reader, ref total);
            else if (reader.ValueTextEquals("cached_tokens"u8) || reader.ValueTextEquals("prompt_cache_hit_tokens"u8)
                || reader.ValueTextEquals("cache_read_input_tokens"u8))
                ReadNumber(ref reader, ref cached);
            else if (reader.ValueTextEquals("cache_write_tokens"u8) || reader.ValueTextEquals("cache_creation_tokens"u8)
                || reader.ValueTextEquals("cache_creation_input_tokens"u8))
                ReadNumber(ref reader, ref written);
            else if (reader.ValueTextEquals("reasoning_tokens"u8))
                ReadNumber(ref reader, ref reasoning);
        }

        if (input is null && output is null)
            return null;
        var usage = new ModelUsage(input ?? 0, output ?? 0) { CachedInputTokens = cached, CacheWriteInputTokens = written, ReasoningTokens = reasoning };
        return WithoutGap(usage, total);
    }

    /// <summary>The usage that is known after a later one came: a later figure counts, but zeros, which some servers send with the last chunk, replace no count.</summary>
    public static ModelUsage Later(ModelUsage later, ModelUsage? known) => known is null ? later : later with
    {
        InputTokens = Later(later.InputTokens, known.InputTokens) ?? 0,
        OutputTokens = Later(later.OutputTokens, known.OutputTokens) ?? 0,
        CachedInputTokens = Later(later.CachedInputTokens, known.CachedInputTokens),
        CacheWriteInputTokens = Later(later.CacheWriteInputTokens, known.CacheWriteInputTokens),
        ReasoningTokens = Later(later.ReasoningTokens, known.ReasoningTokens),
    };

    /// <inheritdoc cref="Later(ModelUsage, ModelUsage?)"/>
    public static long? Later(long? later, long? known) => later is > 0 ? later : known ?? later;

    /// <summary>A number of tokens: some gateways send `900.0` or `"900"`. Null where it is none.</summary>
    public static long? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => Number(JsonMarshal.GetRawUtf8Value(value)),
        JsonValueKind.String => Number(JsonMarshal.GetRawUtf8Value(value)[1..^1]),
        _ => null,
    };

    private static long? Number(ReadOnlySpan<byte> text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsInteger(number)
            ? (long)Math.Clamp(number, 0, ModelUsage.Most)
            : null;

    // xAI and Gemini leave reasoning out of the completion's tokens, and Anthropic behind some gateways cached tokens out of the prompt's; the
    // total has them.
    private static ModelUsage WithoutGap(ModelUsage usage, long? total)
    {
        var gap = (total ?? 0) - usage.InputTokens - usage.OutputTokens;
        if (gap <= 0)
            return usage;
        var cache = (usage.CachedInputTokens ?? 0) + (usage.CacheWriteInputTokens ?? 0);
        return gap == cache
            ? usage with { InputTokens = usage.InputTokens + gap }
            : usage with { OutputTokens = usage.OutputTokens + gap, ReasoningTokens = usage.ReasoningTokens ?? gap };
    }

    private static void ReadNumber(ref Utf8JsonReader reader, ref long? value)
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.Number or JsonTokenType.String)
            value = Number(reader.ValueSpan) ?? value;
        else
            reader.Skip();
    }
}
