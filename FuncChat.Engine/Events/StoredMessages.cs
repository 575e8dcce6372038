using System.Text.Json;
using FuncChat.Engine.Models;

namespace FuncChat.Engine.Events;

/// <summary>Checks the messages in a turn's log: the code that continues and shows turns relies on their fields.</summary>
internal static class StoredMessages
{
    /// <exception cref="JsonException">They are not messages of the assistant and of tools, as this server writes them.</exception>
    public static void Check(IReadOnlyList<RawJson> messages)
    {
        foreach (var message in messages)
            Check(message.Utf8.Span);
    }

    /// <inheritdoc cref="Check(IReadOnlyList{RawJson})"/>
    public static void Check(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        if (!IsMessage(document.RootElement))
            throw new JsonException("A message of a turn lacks a field, or has one of another kind.");
    }

    /// <summary>
    /// Whether these are messages, of any role, that can be read and sent to a model. Clients may leave out the content of an assistant message. Allocates
    /// nothing: conversations are long.
    /// </summary>
    public static bool AreReadable(IReadOnlyList<RawJson>? messages) => messages?.All(message => IsReadable(message.Utf8.Span)) == true;

    private static bool IsReadable(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (json.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return false;
        var (hasRole, hasContent, isAssistant) = (false, false, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isRole = reader.ValueTextEquals("role"u8);
            var isList = reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("tool_calls"u8);
            reader.Read();
            hasRole |= isRole && reader.TokenType == JsonTokenType.String;
            isAssistant |= isRole && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("assistant"u8);
            hasContent |= isList;
            if (isList && !IsTextOrObjects(ref reader))
                return false;
            if (!isList)
                reader.Skip();
        }

        return hasRole && (hasContent || isAssistant);
    }

    // Or null. At the end, the reader is at the last token of the value.
    private static bool IsTextOrObjects(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return reader.TokenType is JsonTokenType.String or JsonTokenType.Null;
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            reader.Skip();
        return reader.TokenType == JsonTokenType.EndArray;
    }

    private static bool IsMessage(JsonElement message) =>
        MessageJson.Text(message, "role") switch
        {
            "assistant" => AreCalls(message),
            "tool" => MessageJson.Text(message, "tool_call_id") is not null,
            _ => false,
        }
        && message.TryGetProperty("content", out var content) && content.ValueKind is JsonValueKind.String or JsonValueKind.Null or JsonValueKind.Array;

    private static bool AreCalls(JsonElement message) =>
        !message.TryGetProperty("tool_calls", out var calls) || (calls.ValueKind is JsonValueKind.Array && calls.EnumerateArray().All(IsCall));

    private static bool IsCall(JsonElement call) =>
        MessageJson.Text(call, "id") is not null && call.TryGetProperty("function", out var function)
        && MessageJson.Text(function, "name") is not null && MessageJson.Text(function, "arguments") is not null;
}
