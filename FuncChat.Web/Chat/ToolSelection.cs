using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Tools;
using FuncChat.Web.Http;

namespace FuncChat.Web.Chat;

/// <summary>
/// The `tools` field: names, or OpenAI tool definitions, of which only the name counts, since the server defines its tools.
/// </summary>
internal static class ToolSelection
{
    public static AppError? Read(JsonElement value, string path, out IReadOnlyList<string> names)
    {
        names = [];
        if (value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind != JsonValueKind.Array)
            return JsonField.Error(path, "This must be an array of the names of tools, such as [\"search_web\"].");

        var selected = new List<string>();
        var distinct = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in value.EnumerateArray())
        {
            var entryPath = $"{path}[{selected.Count}]";
            if (!JsonField.TryGetText(NameOf(entry), out var name))
                return JsonField.Error(entryPath, "This must be the name of a tool, or an OpenAI tool definition with one.");
            if (!distinct.Add(name!))
                return JsonField.Error(entryPath, "This tool is named twice.");
            selected.Add(name!);
        }

        names = selected;
        return null;
    }

    /// <summary>The tools of these names, or an error for the first one that the user does not have.</summary>
    /// <param name="pathOf">Returns the JSON path of a name in the request, from its position; that of the field `tools` by default.</param>
    public static async ValueTask<Result<List<ToolRef>>> ResolveAsync(
        IReadOnlyList<string> names, ToolCatalog tools, ToolUser user, CancellationToken cancellationToken, Func<int, string>? pathOf = null)
    {
        var resolved = new List<ToolRef>();
        foreach (var name in names)
        {
            var reference = new ToolRef(name);
            try
            {
                if (await tools.OpenAsync(reference, user, cancellationToken) is not { } tool)
                {
                    var all = await tools.ListAsync(user, cancellationToken);
                    return JsonField.Error(
                        pathOf?.Invoke(resolved.Count) ?? $"$.tools[{resolved.Count}]", $"This server has no such tool. The tools are: {string.Join(", ", all.Select(each => each.Name))}.");
                }

                resolved.Add(tool.Reference);
            }
            catch (ToolSourceException)
            {
                // The turn is not refused because one of its sources is unavailable: it starts without the tool.
                resolved.Add(reference);
            }
        }

        return resolved;
    }

    private static JsonElement NameOf(JsonElement entry) =>
        entry.ValueKind == JsonValueKind.Object
        && entry.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object
        && function.TryGetProperty("name", out var name)
            ? name
            : entry;
}
