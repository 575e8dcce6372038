using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Web.Http;

namespace FuncChat.Web.OpenAi;

/// <summary>
/// The tools of a request. A definition in `tools` is a tool that the client runs, whatever its name: this server never runs it. A tool of this server is asked
/// for by its name alone, in `tools` or, for clients that allow only definitions there, in `server_tools`.
/// </summary>
internal sealed record CompletionTools(IReadOnlyList<string> ServerTools, IReadOnlyList<ClientTool> ClientTools, IReadOnlyList<string> Paths)
{
    internal const int MaxTools = 128;
    private const int MaxNameLength = 64;
    internal static readonly string NameRule = $"The name must have 1 to {MaxNameLength} letters, digits, '_' and '-'.";

    /// <summary>The names of all tools.</summary>
    public IReadOnlyCollection<string> Names => [.. ServerTools, .. ClientTools.Select(tool => tool.Name)];

    public string PathOfServerTool(int place) => Paths[place];

    /// <param name="acceptsMap">Whether `tools` may be an object instead, with the client's tools by their names.</param>
    public static Result<CompletionTools> Read(JsonElement body, bool acceptsMap = false)
    {
        foreach (var name in (string[])["tools", "server_tools"])
        {
            var isMap = acceptsMap && name == "tools";
            if (body.TryGetProperty(name, out var list) && list.ValueKind is not (JsonValueKind.Array or JsonValueKind.Null) && !(isMap && list.ValueKind == JsonValueKind.Object))
                return JsonField.Error($"$.{name}", isMap ? "This must be an array of tools, or an object with definitions by their names." : "This must be an array of tools.");
        }

        var server = new List<(string Name, string Path)>();
        var client = new List<ClientTool>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, entry, path) in EntriesOf(body, "tools").Concat(EntriesOf(body, "server_tools")))
        {
            if (client.Count + server.Count == MaxTools)
                return JsonField.Error(path, $"There are more than {MaxTools} tools.");
            string? asked = null;
            if (key is null && JsonField.TryGetText(entry, out asked))
            {
                server.Add((asked!, path));
            }
            else
            {
                var tool = key is not null ? NamedOf(key, entry, path)
                    : path.StartsWith("$.tools", StringComparison.Ordinal) ? DefinitionOf(entry, path)
                    : JsonField.Error(path, "This must be the name of a tool of this server, such as \"search_web\".");
                if (!tool.Succeeded)
                    return tool.Error;
                client.Add(tool.Value);
            }

            if (!names.Add(asked ?? client[^1].Name))
                return JsonField.Error(path, "Another tool of this request has the same name.");
        }

        return new CompletionTools([.. server.Select(tool => tool.Name)], client, [.. server.Select(tool => tool.Path)]);
    }

    private static IEnumerable<(string? Key, JsonElement Entry, string Path)> EntriesOf(JsonElement body, string name) =>
        !body.TryGetProperty(name, out var list) ? []
        : list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select((entry, place) => ((string?)null, entry, $"$.{name}[{place}]"))
        : list.ValueKind == JsonValueKind.Object ? list.EnumerateObject().Select(field => ((string?)field.Name, field.Value, JsonField.PathTo($"$.{name}", field.Name)))
        : [];

    private static Result<ClientTool> DefinitionOf(JsonElement entry, string path)
    {
        if (entry.ValueKind != JsonValueKind.Object)
            return JsonField.Error(path, "A tool must be a definition with the type function, or the name of a tool of this server.");
        if (entry.TryGetProperty("type", out var type) && !(type.ValueKind == JsonValueKind.String && type.ValueEquals("function")))
            return JsonField.Error($"{path}.type", "Here, this server supports tools of the type function. Those of the type custom are available in POST /api/v1/responses.");
        if (!entry.TryGetProperty("function", out var function) || function.ValueKind != JsonValueKind.Object)
            return JsonField.Error($"{path}.function", "A tool must have a function with a name.");
        if (!function.TryGetProperty("name", out var named) || !JsonField.TryGetText(named, out var name) || !IsName(name!))
            return JsonField.Error($"{path}.function.name", NameRule);
        return ClientToolDefinition.FindOutside(entry, function, path) is { } outside ? outside : ClientToolDefinition.Read(name!, function, $"{path}.function");
    }

    // Some clients send the definitions of OpenAI under their names.
    private static Result<ClientTool> NamedOf(string name, JsonElement entry, string path)
    {
        if (!IsName(name))
            return JsonField.Error(path, NameRule);
        if (entry.ValueKind != JsonValueKind.Object)
            return JsonField.Error(path, "A tool must be an object with a description and parameters.");
        if (entry.TryGetProperty("type", out var type) && JsonField.TryGetText(type, out var kind) && kind!.StartsWith("provider", StringComparison.Ordinal))
            return JsonField.Error($"{path}.type", "This server can't pass on tools of a provider. Name a tool of this server in server_tools.");
        var (definition, place) = entry.TryGetProperty("function", out var function) ? (function, $"{path}.function") : (entry, path);
        if (definition.ValueKind != JsonValueKind.Object)
            return JsonField.Error(place, "A function must be an object with a description and parameters.");
        return definition.TryGetProperty("name", out var other) && !(other.ValueKind == JsonValueKind.String && other.ValueEquals(name))
            ? JsonField.Error($"{place}.name", "The name must be the one that the tool has in tools.")
            : place != path && ClientToolDefinition.FindOutside(entry, definition, path) is { } outside ? outside
            : ClientToolDefinition.Read(name, definition, place);
    }

    internal static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
