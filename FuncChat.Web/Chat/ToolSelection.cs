using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Tools;
using FuncChat.Web.Http;

namespace FuncChat.Web.Chat;

/// <summary>
/// The `tools` field: names, or OpenAI tool definitions, of which the name alone counts. What a tool takes is this server's to say.
/// </summary>
internal static class ToolSelection
{
    public static AppError? Read(JsonElement value, string path, ToolCatalog tools, out IReadOnlyList<string> names)
    {
        names = [];
        if (value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind != JsonValueKind.Array)
            return JsonField.Fault(path, "This must be an array of the names of tools, such as [\"search_web\"].");

        var selected = new List<string>();
        foreach (var entry in value.EnumerateArray())
        {
            var entryPath = $"{path}[{selected.Count}]";
            if (!JsonField.TryGetText(NameOf(entry), out var name))
                return JsonField.Fault(entryPath, "This must be the name of a tool, or an OpenAI tool definition with one.");
            if (!tools.TryGet(name!, out _))
            {
                return JsonField.Fault(
                    entryPath, $"This server has no such tool. The tools are: {string.Join(", ", tools.All.Select(tool => tool.Name))}.");
            }

            if (selected.Contains(name, StringComparer.Ordinal))
                return JsonField.Fault(entryPath, "This tool is named twice.");
            selected.Add(name!);
        }

        names = selected;
        return null;
    }

    private static JsonElement NameOf(JsonElement entry) =>
        entry.ValueKind == JsonValueKind.Object
        && entry.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object
        && function.TryGetProperty("name", out var name)
            ? name
            : entry;
}
