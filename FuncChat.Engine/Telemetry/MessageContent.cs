using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Tools;

namespace FuncChat.Engine.Telemetry;

/// <summary>
/// OpenAI chat messages as the conventions write them into a span, `[{"role":"user","parts":[{"type":"text","content":"…"}]}]`: cut to a length that
/// exporters take, the latest messages first to be kept. Images and files are named by their type alone.
/// </summary>
internal static class MessageContent
{
    private const int MaxText = 4_000;
    private const int MaxLength = 60_000;

    public static string Of(IReadOnlyList<ReadOnlyMemory<byte>> messages)
    {
        var kept = new List<string>();
        var room = MaxLength;
        foreach (var message in messages.Reverse())
        {
            var text = Convert(message);
            if ((room -= text.Length) < 0)
                break;
            kept.Add(text);
        }

        kept.Reverse();
        return $"[{string.Join(',', kept)}]";
    }

    public static string Cut(string text) => TextCut.Ellipsize(text, MaxText);

    // Content that can't be converted is left out: no call fails because of it. JSON allows half a surrogate pair, which is not text.
    private static string Convert(ReadOnlyMemory<byte> message)
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            var role = TextOf(document.RootElement, "role") ?? "";
            return new JsonObject { ["role"] = role, ["parts"] = new JsonArray([.. PartsOf(document.RootElement, role)]) }.ToJsonString(EngineJson.ReadableOptions);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return """{"role":"","parts":[]}""";
        }
    }

    private static IEnumerable<JsonNode> PartsOf(JsonElement message, string role)
    {
        message.TryGetProperty("content", out var content);
        if (role == "tool")
            yield return new JsonObject { ["type"] = "tool_call_response", ["id"] = TextOf(message, "tool_call_id"), ["response"] = TextOf(content) };
        else if (content.ValueKind == JsonValueKind.String)
            yield return Text(TextOf(content));
        else if (content.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in content.EnumerateArray())
                yield return TextOf(part, "text") is { } text ? Text(text) : new JsonObject { ["type"] = TextOf(part, "type") };
        }

        if (!message.TryGetProperty("tool_calls", out var calls) || calls.ValueKind != JsonValueKind.Array)
            yield break;
        foreach (var call in calls.EnumerateArray())
        {
            call.TryGetProperty("function", out var function);
            yield return new JsonObject
            {
                ["type"] = "tool_call",
                ["id"] = TextOf(call, "id"),
                ["name"] = TextOf(function, "name"),
                ["arguments"] = TextOf(function, "arguments"),
            };
        }
    }

    private static JsonObject Text(string? text) => new() { ["type"] = "text", ["content"] = text };

    private static string? TextOf(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? TextOf(value) : null;

    private static string? TextOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => Cut(json.GetString()!),
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        _ => Cut(json.GetRawText()),
    };
}
