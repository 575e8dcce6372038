using System.Text.Json;

namespace FuncChat.Tools.Search;

/// <summary>Reads the JSON of search providers. A field of another type than the documented one counts as missing: one odd result costs no other.</summary>
internal static class SearchJson
{
    public static ToolException UnknownFormat(Exception? innerException = null) => new("its response does not have the documented format", innerException);

    /// <summary>The results in the field `results`.</summary>
    /// <param name="description">The field that describes a result.</param>
    /// <exception cref="ToolException">There is no list of results, none in it is a result, or it is empty because of an error.</exception>
    public static IReadOnlyList<SearchResult> ResultsIn(JsonElement answer, string description, string provider)
    {
        if (Find(answer, "results") is not { ValueKind: JsonValueKind.Array or JsonValueKind.Null })
            throw UnknownFormat();
        if (!Items(answer, "results").Any() && (Find(answer, "error") ?? Find(answer, "detail")) is { ValueKind: JsonValueKind.String or JsonValueKind.Object })
            throw new ToolException("it returned an error");
        var items = Items(answer, "results").Where(item => item.ValueKind != JsonValueKind.Null).ToList();
        var results = items.Where(IsResult).Select(item => new SearchResult(Text(item, "title") ?? "", Text(item, "url") ?? "", Text(item, description) ?? "", provider)).ToList();
        return results.Count > 0 || items.Count == 0 ? results : throw UnknownFormat();
    }

    /// <summary>The items of a list; none if the field is not one.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    /// <summary>A text; null if the field is not one.</summary>
    public static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    /// <summary>A field; null if there is none.</summary>
    /// <exception cref="ToolException">The JSON is no object.</exception>
    public static JsonElement? Find(JsonElement json, string name) =>
        json.ValueKind != JsonValueKind.Object ? throw UnknownFormat() : json.TryGetProperty(name, out var field) ? field : null;

    private static bool IsResult(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object && (!item.TryGetProperty("url", out var url) || url.ValueKind is JsonValueKind.String or JsonValueKind.Null);
}
