using System.Globalization;
using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tools.Mcp;

/// <summary>The id of a response from a server that returns the number of the request as a text, as the official TypeScript client reads it.</summary>
internal static class ResponseId
{
    /// <summary>The number that the text of the id is; null if it is none.</summary>
    public static RequestId? NumberIn(RequestId id) =>
        id.Id is string text && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && IsCanonical(text.Length, text[0]) ? new RequestId(number) : null;

    /// <summary>
    /// Makes such an id a number, and an array of one response that response. With HTTP, the SDK compares the ids before this client sees the response. What is no response stays
    /// as it is.
    /// </summary>
    /// <param name="json">A body.</param>
    public static void Repair(Span<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            var isBatch = reader.Read() && reader.TokenType is JsonTokenType.StartArray && reader.Read();
            if (reader.TokenType is not JsonTokenType.StartObject)
                return;
            var (start, length) = (0, 0);
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                // A request of the server, which expects its own id in the answer.
                if (reader.ValueTextEquals("method"u8))
                    return;
                var isId = reader.ValueTextEquals("id"u8);
                reader.Read();
                if (isId && reader.TokenType is JsonTokenType.String && IsNumber(reader.ValueSpan))
                    (start, length) = ((int)reader.TokenStartIndex, reader.ValueSpan.Length);
                reader.Skip();
            }

            if (isBatch && reader.Read() && reader.TokenType is JsonTokenType.EndArray)
                json[json.IndexOf((byte)'[')] = json[json.LastIndexOf((byte)']')] = (byte)' ';
            if (length > 0)
                json[start] = json[start + length + 1] = (byte)' ';
        }
        catch (JsonException)
        {
            // The SDK reports it.
        }
    }

    private static bool IsNumber(ReadOnlySpan<byte> text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) && IsCanonical(text.Length, (char)text[0]);

    private static bool IsCanonical(int length, char first) => length == 1 || first != '0';
}
