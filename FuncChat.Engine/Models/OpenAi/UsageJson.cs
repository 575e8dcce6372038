using System.Text.Json;

namespace FuncChat.Engine.Models.OpenAi;

/// <summary>The `usage` object of chat completions.</summary>
internal static class UsageJson
{
    /// <summary>Reads the object that the reader stands at; null when it counts nothing.</summary>
    public static ModelUsage? Read(ref Utf8JsonReader reader)
    {
        long? input = null, output = null, cached = null, reasoning = null;
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
            else if (reader.ValueTextEquals("cached_tokens"u8) || reader.ValueTextEquals("prompt_cache_hit_tokens"u8))
                ReadNumber(ref reader, ref cached);
            else if (reader.ValueTextEquals("reasoning_tokens"u8))
                ReadNumber(ref reader, ref reasoning);
        }
        return input is null && output is null
            ? null
            : new ModelUsage(input ?? 0, output ?? 0) { CachedInputTokens = cached, ReasoningTokens = reasoning };
    }

    private static void ReadNumber(ref Utf8JsonReader reader, ref long? value)
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.Number && reader.TryGetInt64(out var number))
            value = number;
        else
            reader.Skip();
    }
}
