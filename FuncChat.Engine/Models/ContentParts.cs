using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace FuncChat.Engine.Models;

/// <summary>The parts of a message's content.</summary>
internal static class ContentParts
{
    /// <summary>The parts; none where the content is a string.</summary>
    public static IEnumerable<JsonElement> Of(JsonElement message) =>
        message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array ? content.EnumerateArray() : [];

    /// <summary>The text of content that is nothing else; null where a part is of another kind, or says more than its text.</summary>
    public static string? TextOnly(JsonElement content)
    {
        if (content.ValueKind is JsonValueKind.String)
            return content.GetString();
        return content.ValueKind is JsonValueKind.Array && content.GetArrayLength() > 0 && content.EnumerateArray().All(IsText)
            ? string.Join('\n', content.EnumerateArray().Select(part => MessageJson.Text(part, "text")))
            : null;
    }

    private static bool IsText(JsonElement part) =>
        MessageJson.Text(part, "type") == "text" && MessageJson.Text(part, "text") is not null && part.GetPropertyCount() == 2;

    /// <summary>The message with some of its parts replaced. All else stays as it is, byte by byte.</summary>
    /// <param name="replacement">Returns null for a part that stays.</param>
    public static ReadOnlyMemory<byte> Replace(JsonElement message, Func<JsonElement, byte[]?> replacement) => Write(json =>
    {
        foreach (var field in message.EnumerateObject())
        {
            json.WritePropertyName(field.Name);
            if (field.Name != "content")
            {
                json.WriteRawValue(JsonMarshal.GetRawUtf8Value(field.Value), skipInputValidation: true);
                continue;
            }

            json.WriteStartArray();
            foreach (var part in field.Value.EnumerateArray())
                json.WriteRawValue(replacement(part) ?? JsonMarshal.GetRawUtf8Value(part), skipInputValidation: true);
            json.WriteEndArray();
        }
    });

    /// <summary>A part with a text.</summary>
    public static byte[] Text(string text) => Write(json => WriteText(json, text));

    /// <summary>The fields of a part with a text.</summary>
    public static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteString("type"u8, "text"u8);
        json.WriteString("text"u8, text);
    }

    /// <summary>A JSON object.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, EngineJson.WriterOptions))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
