using System.Text.Json;

namespace FuncChat.Engine.Models;

/// <summary>Reads OpenAI chat messages, as a <see cref="ModelRequest"/> carries them. They are valid, but may also have fields of any kind.</summary>
internal static class MessageJson
{
    public static string Role(JsonElement message) => Text(message, "role") ?? "user";

    /// <summary>The string of a field; null where there is none.</summary>
    public static string? Text(JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            ? JsonStringBytes.TextOf(value)
            : null;

    /// <summary>At most this much of a text, from a place in it; one character more where it would end within a surrogate pair.</summary>
    public static string Piece(string text, int start, int length)
    {
        var end = start + Math.Min(length, text.Length - start);
        var isWithinPair = end > start && end < text.Length && char.IsSurrogatePair(text[end - 1], text[end]);
        return text[start..(isWithinPair ? end + 1 : end)];
    }

    public static IEnumerable<JsonElement> ToolCalls(JsonElement message) =>
        message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind is JsonValueKind.Array
            ? calls.EnumerateArray().Where(call => call.ValueKind is JsonValueKind.Object && call.TryGetProperty("function", out _))
            : [];

    /// <summary>All text of the content, and the refusal that follows it.</summary>
    public static string JoinText(JsonElement message)
    {
        var text = message.TryGetProperty("content", out var content) ? TextOf(content) : "";
        if (Text(message, "refusal") is not { Length: > 0 } refusal || text.EndsWith(refusal, StringComparison.Ordinal))
            return text;
        return text.Length > 0 ? $"{text}\n{refusal}" : refusal;
    }

    private static string TextOf(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => content.GetString()!,
        JsonValueKind.Array => string.Join('\n', content.EnumerateArray().Select(part => Text(part, "text") ?? Text(part, "refusal")).Where(text => text is not null)),
        _ => "",
    };
}
