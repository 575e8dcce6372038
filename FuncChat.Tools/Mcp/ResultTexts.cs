using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FuncChat.Tools.Mcp;

/// <summary>
/// Replaces halves of surrogate pairs in the texts of a server's result. Servers in Python send them for file names that are not valid UTF-8, and the SDK can't read them.
/// </summary>
internal static class ResultTexts
{
    public static void Repair(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject fields:
                foreach (var (name, value) in fields.ToList())
                {
                    if (RepairedOrNull(value) is { } repaired)
                        fields[name] = repaired;
                }

                break;
            case JsonArray items:
                for (var place = 0; place < items.Count; place++)
                {
                    if (RepairedOrNull(items[place]) is { } repaired)
                        items[place] = repaired;
                }

                break;
        }
    }

    // Null for what needs no other value.
    private static JsonNode? RepairedOrNull(JsonNode? node)
    {
        if (node is not JsonValue value)
        {
            Repair(node);
            return null;
        }

        if (!value.TryGetValue(out JsonElement text) || text.ValueKind != JsonValueKind.String || JsonMarshal.GetRawUtf8Value(text).IndexOf("\\u"u8) < 0)
            return null;
        ReadOnlyMemory<byte> json = JsonMarshal.GetRawUtf8Value(text).ToArray();
        var repaired = LoneSurrogates.Replace(json);
        return repaired.Equals(json) ? null : JsonNode.Parse(repaired.Span);
    }
}
