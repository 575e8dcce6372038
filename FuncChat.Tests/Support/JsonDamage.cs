using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FuncChat.Tests.Support;

/// <summary>Damages stored JSON so that it is JSON still: each of its fields is renamed, null, or of another type.</summary>
internal static class JsonDamage
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON with one damage each, and where it is.</summary>
    public static IEnumerable<(string At, string Json)> Of(string json)
    {
        var fields = new List<string[]>();
        Find(JsonNode.Parse(json)!, [], fields);
        foreach (var field in fields)
        {
            foreach (var kind in (string[])["renamed", "null", "other", "gone", "huge", "most"])
            {
                var root = JsonNode.Parse(json)!;
                if (TryDamage(root, field, kind))
                    yield return ($"{string.Join('.', field)} {kind}", root.ToJsonString(Relaxed));
            }
        }
    }

    private static void Find(JsonNode node, string[] path, List<string[]> fields)
    {
        if (node is JsonObject fieldsOfNode)
        {
            foreach (var (name, value) in fieldsOfNode)
            {
                fields.Add([.. path, name]);
                if (value is not null)
                    Find(value, [.. path, name], fields);
            }
        }
        else if (node is JsonArray items)
        {
            foreach (var (index, item) in items.Index())
            {
                fields.Add([.. path, $"{index}"]);
                if (item is not null)
                    Find(item, [.. path, $"{index}"], fields);
            }
        }
    }

    private static bool TryDamage(JsonNode root, string[] path, string kind)
    {
        var parent = root;
        foreach (var name in path[..^1])
            parent = parent is JsonArray items ? items[int.Parse(name)]! : parent[name]!;
        if (parent is JsonArray array)
        {
            var index = int.Parse(path[^1]);
            if (kind is "renamed" or "gone")
                array.RemoveAt(index);
            else
                array[index] = Other(array[index], kind);
            return kind != "renamed" && (kind is not ("huge" or "most") || array[index]?.GetValueKind() == JsonValueKind.Number);
        }

        var fields = (JsonObject)parent;
        var value = fields[path[^1]];
        if (kind is "huge" or "most" && value?.GetValueKind() != JsonValueKind.Number)
            return false;
        if (kind is "renamed" or "gone")
        {
            fields.Remove(path[^1]);
            if (kind == "renamed")
                fields[path[^1] + "x"] = value;
        }
        else
        {
            fields[path[^1]] = Other(value, kind);
        }

        return true;
    }

    private static JsonNode? Other(JsonNode? value, string kind) => kind switch
    {
        "null" => null,
        "huge" => JsonNode.Parse("9e300"),
        "most" => JsonNode.Parse("9223372036854775807"),
        _ => value?.GetValueKind() switch
        {
            JsonValueKind.String => JsonNode.Parse("7"),
            JsonValueKind.Number => JsonNode.Parse("\"x\""),
            JsonValueKind.Object => JsonNode.Parse("[1]"),
            JsonValueKind.Array => JsonNode.Parse("{\"x\":1}"),
            _ => JsonNode.Parse("[]"),
        },
    };
}
