using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FuncChat.Engine;

/// <summary>A JSON string as its UTF-8 bytes, still escaped and with its quotes: text that is passed on without being decoded.</summary>
[JsonConverter(typeof(JsonTextConverter))]
public readonly record struct JsonText(ReadOnlyMemory<byte> Utf8)
{
    /// <summary>The JSON string that means a text. Half a surrogate pair becomes U+FFFD.</summary>
    public static JsonText Of(string text) => new(Encoding.UTF8.GetBytes($"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\""));

    /// <summary>Decodes the text. Half a surrogate pair is kept: the other half may be in the next piece.</summary>
    public override string ToString() => Utf8.Length < 2 ? "" : JsonStringBytes.Unescape(Utf8.Span[1..^1]);

    public bool Equals(JsonText other) => Utf8.Span.SequenceEqual(other.Utf8.Span);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Utf8.Span);
        return hash.ToHashCode();
    }
}

public sealed class JsonTextConverter : JsonConverter<JsonText>
{
    public override JsonText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException();
        var bytes = new byte[(reader.HasValueSequence ? (int)reader.ValueSequence.Length : reader.ValueSpan.Length) + 2];
        bytes[0] = bytes[^1] = (byte)'"';
        if (reader.HasValueSequence)
            reader.ValueSequence.CopyTo(bytes.AsSpan(1));
        else
            reader.ValueSpan.CopyTo(bytes.AsSpan(1));
        return new JsonText(bytes);
    }

    // Validated when it was read.
    public override void Write(Utf8JsonWriter writer, JsonText value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
}
