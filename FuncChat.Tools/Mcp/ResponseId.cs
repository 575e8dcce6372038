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
    /// Makes such an id a number, and an array with a response that response. With HTTP, the SDK compares the ids before this client sees the response. What is no response stays
    /// as it is.
    /// </summary>
    /// <param name="json">A body.</param>
    public static void Repair(Span<byte> json)
    {
        try
        {
            if (json.TrimStart(" \t\r\n"u8) is [(byte)'[', ..])
                UnwrapResponse(json);
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || !TryReadResponse(ref reader, out var id))
                return;
            if (id.Length > 0)
                json[id.Start] = json[id.Start + id.Length + 1] = (byte)' ';
        }
        catch (JsonException)
        {
            // The SDK reports it.
        }
    }

    // The response to a request can only be one. What else the array has, such as reports of progress, comes too late.
    private static void UnwrapResponse(Span<byte> batch)
    {
        var reader = new Utf8JsonReader(batch);
        for (reader.Read(); reader.Read() && reader.TokenType is not JsonTokenType.EndArray;)
        {
            var start = (int)reader.TokenStartIndex;
            if (!TryReadResponse(ref reader, out _))
                continue;
            var length = (int)reader.BytesConsumed - start;
            batch.Slice(start, length).CopyTo(batch);
            batch[length..].Fill((byte)' ');
            return;
        }
    }

    // Reads a value to its end. A request of the server, which expects its own id in the answer, is no response.
    private static bool TryReadResponse(ref Utf8JsonReader reader, out (int Start, int Length) textId)
    {
        textId = default;
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            reader.Skip();
            return false;
        }

        var isResponse = true;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            isResponse &= !reader.ValueTextEquals("method"u8);
            var isId = reader.ValueTextEquals("id"u8);
            reader.Read();
            if (isId && reader.TokenType is JsonTokenType.String && IsNumber(reader.ValueSpan))
                textId = ((int)reader.TokenStartIndex, reader.ValueSpan.Length);
            reader.Skip();
        }

        return isResponse;
    }

    private static bool IsNumber(ReadOnlySpan<byte> text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) && IsCanonical(text.Length, (char)text[0]);

    private static bool IsCanonical(int length, char first) => length == 1 || first != '0';
}
