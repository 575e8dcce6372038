using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Engine;

namespace FuncChat.Web.Chat;

/// <summary>
/// Leaves out tool calls without results: clients that keep the assistant's messages, but not those of the tools, send them with the next question, and
/// providers refuse them.
/// </summary>
internal static class UnansweredCalls
{
    /// <param name="messages">Valid messages.</param>
    public static IEnumerable<RawJson> Drop(JsonElement messages)
    {
        // An index into a JSON array counts its elements from the start.
        var all = messages.EnumerateArray().ToList();
        for (var place = 0; place < all.Count; place++)
        {
            var message = all[place];
            if (!HasCalls(message) || (place + 1 < all.Count && all[place + 1].GetProperty("role").ValueEquals("tool")))
                yield return RawJson.Of(message);
            else if (WithoutCalls(message) is { } text)
                yield return text;
        }
    }

    /// <summary>Whether the message calls tools.</summary>
    public static bool HasCalls(JsonElement message) =>
        message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array && calls.GetArrayLength() > 0;

    // What its provider wants back refers to the calls too. Null if nothing is left.
    private static RawJson? WithoutCalls(JsonElement message)
    {
        if (!message.TryGetProperty("content", out var content) || content.ValueKind == JsonValueKind.Null
            || (content.ValueKind == JsonValueKind.String && content.ValueEquals("")))
            return null;
        var rest = new JsonObject { ["role"] = "assistant", ["content"] = JsonNode.Parse(content.GetRawText()) };
        return new RawJson(JsonSerializer.SerializeToUtf8Bytes(rest));
    }
}
