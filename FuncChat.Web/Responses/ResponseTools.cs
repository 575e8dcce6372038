using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Tools;
using FuncChat.Web.Chat;
using FuncChat.Web.Formats.Responses;
using FuncChat.Web.Http;
using FuncChat.Web.OpenAi;

namespace FuncChat.Web.Responses;

/// <summary>
/// The `tools` of a request. A function or a custom tool, alone or in a namespace, is one that the client runs. `web_search` is this server's search; `mcp` names tools of this server by the label of
/// their source, and so does a string.
/// </summary>
/// <param name="Approved">The tools that the client wants to run without an approval, where this server leaves that to the user.</param>
/// <param name="Asked">The tools of which the client wants each call to be approved.</param>
internal sealed record ResponseTools(IReadOnlyList<ToolRef> Server, IReadOnlyList<ClientTool> Client, IReadOnlyList<string> Approved, IReadOnlyList<string> Asked)
{
    /// <summary>The names of all tools.</summary>
    public IReadOnlyCollection<string> Names => [.. Server.Select(tool => tool.Name), .. Client.Select(tool => tool.Name)];

    public static async ValueTask<Result<ResponseTools>> ReadAsync(JsonElement body, ToolCatalog catalog, ToolUser user, CancellationToken cancellationToken)
    {
        var reading = new Reading(catalog, user);
        foreach (var list in (string[])["tools", "server_tools"])
        {
            if (!body.TryGetProperty(list, out var tools) || tools.ValueKind == JsonValueKind.Null)
                continue;
            if (tools.ValueKind != JsonValueKind.Array)
                return JsonField.Error($"$.{list}", "This must be an array of tools.");
            var place = 0;
            foreach (var tool in tools.EnumerateArray())
            {
                if (await reading.AddAsync(tool, $"$.{list}[{place++}]", cancellationToken) is { } error)
                    return error;
            }
        }

        var server = await ToolSelection.ResolveAsync(reading.Names, catalog, user, cancellationToken, place => reading.Paths[place]);
        return server.Succeeded ? new ResponseTools(server.Value, reading.Client, reading.Approved, reading.Asked) : server.Error;
    }

    private sealed class Reading(ToolCatalog catalog, ToolUser user)
    {
        private static readonly Field[] CustomFields =
        [
            new("description", FieldRules.AnyText),
            new("format", FieldRules.Object(
                new Field("type", FieldRules.OneOf("text", "grammar"), IsRequired: true), new Field("syntax", FieldRules.OneOf("lark", "regex")), new Field("definition", FieldRules.AnyText))),
        ];

        private static readonly RawJson CustomArguments = new(
            """{"type":"object","properties":{"input":{"type":"string","description":"The whole input of the tool, as plain text."}},"required":["input"],"additionalProperties":false}"""u8.ToArray());

        private const string OnlySettings = "The MCP servers are those of this server's settings: ";

        private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
        private IReadOnlyList<Tool>? _all;

        public List<string> Names { get; } = [];

        public List<string> Paths { get; } = [];

        public List<ClientTool> Client { get; } = [];

        public List<string> Approved { get; } = [];

        public List<string> Asked { get; } = [];

        public async ValueTask<AppError?> AddAsync(JsonElement tool, string path, CancellationToken cancellationToken)
        {
            if (_taken.Count >= CompletionTools.MaxTools)
                return TooMany(path);
            if (JsonField.TryGetText(tool, out var name))
                return AddServer(name!, path);
            return (tool.ValueKind == JsonValueKind.Object ? JsonField.TextOf(tool, "type") : null) switch
            {
                "function" => AddClient(tool, path, null),
                "custom" => AddCustom(tool, path, null),
                "namespace" => AddNamespace(tool, path),
                "web_search" or "web_search_preview" or "web_search_2025_08_26" or "web_search_preview_2025_03_11" => AddServer(OpenCalls.SearchTool, path),
                "mcp" => await AddSourceAsync(tool, path, cancellationToken),
                _ => JsonField.Error($"{path}.type", "This server supports tools of the types function, custom, namespace, web_search and mcp, and its own tools by their names."),
            };
        }

        private AppError? AddServer(string name, string path)
        {
            if (_taken.Count >= CompletionTools.MaxTools)
                return TooMany(path);
            if (!_taken.Add(name))
                return JsonField.Error(path, "Another tool of this request has the same name.");
            Names.Add(name);
            Paths.Add(path);
            return null;
        }

        private AppError? AddNamespace(JsonElement tool, string path)
        {
            if (NameOf(tool) is not { } space)
                return JsonField.Error($"{path}.name", CompletionTools.NameRule);
            if (!tool.TryGetProperty("tools", out var tools) || tools.ValueKind != JsonValueKind.Array)
                return JsonField.Error($"{path}.tools", "This must be an array of tools.");
            return tools.EnumerateArray().Select((each, place) => AddIn(space, each, $"{path}.tools[{place}]")).FirstOrDefault(error => error is not null);
        }

        private AppError? AddIn(string space, JsonElement tool, string path) => JsonField.TextOf(tool, "type") switch
        {
            "function" => AddClient(tool, path, space),
            "custom" => AddCustom(tool, path, space),
            _ => JsonField.Error($"{path}.type", "A tool in a namespace must have the type function or custom."),
        };

        private AppError? AddCustom(JsonElement tool, string path, string? space)
        {
            if (NameOf(tool) is not { } name)
                return JsonField.Error($"{path}.name", CompletionTools.NameRule);
            return FieldRules.FindError(tool, path, CustomFields) ?? Add(new ClientTool(ClientToolNames.Of(space, name), DescriptionOf(tool), CustomArguments), path);
        }

        private AppError? AddClient(JsonElement tool, string path, string? space)
        {
            if (!tool.TryGetProperty("name", out _) && tool.TryGetProperty("function", out var nested) && nested.ValueKind == JsonValueKind.Object)
                return JsonField.Error($"{path}.function", "This is not a field of a tool here: send its fields, such as name and parameters, in the tool itself.");
            if (NameOf(tool) is not { } name)
                return JsonField.Error($"{path}.name", CompletionTools.NameRule);
            var definition = ClientToolDefinition.Read(ClientToolNames.Of(space, name), tool, path);
            return definition.Succeeded ? Add(definition.Value, path) : definition.Error;
        }

        private AppError? Add(ClientTool tool, string path)
        {
            if (_taken.Count >= CompletionTools.MaxTools)
                return TooMany(path);
            if (!_taken.Add(tool.Name))
                return JsonField.Error(path, "Another tool of this request has the same name.");
            Client.Add(tool);
            return null;
        }

        private static string? NameOf(JsonElement tool) => JsonField.TextOf(tool, "name") is { } name && CompletionTools.IsName(name) ? name : null;

        // Models of chat completions have no formats: the grammar is a part of the description.
        private static string DescriptionOf(JsonElement tool)
        {
            var description = JsonField.TextOf(tool, "description") ?? "";
            return tool.TryGetProperty("format", out var format) && JsonField.TextOf(format, "definition") is { } grammar
                ? $"{description}\n\nThe input must match this grammar ({JsonField.TextOf(format, "syntax")}):\n{grammar}"
                : description;
        }

        private async ValueTask<AppError?> AddSourceAsync(JsonElement tool, string path, CancellationToken cancellationToken)
        {
            foreach (var refused in (string[])["server_url", "authorization", "headers"])
            {
                if (JsonField.TryGet(tool, refused, out _))
                    return JsonField.Error($"{path}.{refused}", $"{OnlySettings}name one by its server_label. With an SDK that requires an address or a connector, repeat the label in connector_id.");
            }

            // The AI SDK sends no label alone.
            if (JsonField.TryGet(tool, "connector_id", out var connector) && !(JsonField.TryGetText(connector, out var id) && id == JsonField.TextOf(tool, "server_label")))
                return JsonField.Error($"{path}.connector_id", $"{OnlySettings}name one by its server_label, and repeat the label here or leave connector_id out.");
            if (JsonField.TextOf(tool, "server_label") is not { } label)
                return JsonField.Error($"{path}.server_label", $"The label is missing: the name of an MCP server of this server, or {OpenCalls.OwnLabel}.");
            _all ??= await catalog.ListAsync(user, cancellationToken);
            var names = NamesOf(label, _all.Select(each => each.Name)).ToList();
            if (names.Count == 0)
                return JsonField.Error($"{path}.server_label", "This server has no tools with this label, or their source is unavailable.");
            if (!TryReadNames(tool, "allowed_tools", label, out var allowed))
                return JsonField.Error($"{path}.allowed_tools", "This must be an array of the names of tools, or an object with one in tool_names and nothing else.");
            if (FindErrorOfApproval(tool, label, path, allowed ?? names) is { } error)
                return error;
            foreach (var name in allowed ?? names)
            {
                if (AddServer(name, $"{path}.allowed_tools") is { } taken)
                    return taken;
            }

            Approved.AddRange(NamesWith("never", tool, label, allowed ?? names));
            Asked.AddRange(NamesWith("always", tool, label, allowed ?? names));
            return null;
        }

        private static AppError TooMany(string path) => JsonField.Error(path, $"There are more than {CompletionTools.MaxTools} tools.");
    }

    // What is not understood must not leave a call without the approval that the client wants.
    private static AppError? FindErrorOfApproval(JsonElement tool, string label, string path, IReadOnlyList<string> names)
    {
        if (!JsonField.TryGet(tool, "require_approval", out var rule) || (rule.ValueKind == JsonValueKind.String && (rule.ValueEquals("never") || rule.ValueEquals("always"))))
            return null;
        var always = default(IReadOnlyList<string>);
        if (rule.ValueKind != JsonValueKind.Object || rule.EnumerateObject().Any(field => field.Name is not ("always" or "never"))
            || (JsonField.TryGet(rule, "always", out _) && !(TryReadNames(rule, "always", label, out always) && always is not null)))
            return JsonField.Error($"{path}.require_approval", "This must be never, always, or an object whose always and never have the names of tools in tool_names.");
        return (always ?? []).Except(names, StringComparer.Ordinal).Any()
            ? JsonField.Error($"{path}.require_approval.always", "It names a tool that this entry does not offer.")
            : null;
    }

    // Where neither is said, this server decides. It also decides whether the user may approve all calls.
    private static IEnumerable<string> NamesWith(string approval, JsonElement tool, string label, IReadOnlyList<string> names)
    {
        if (!tool.TryGetProperty("require_approval", out var rule))
            return [];
        if (rule.ValueKind == JsonValueKind.String)
            return rule.ValueEquals(approval) ? names : [];
        return rule.ValueKind == JsonValueKind.Object && TryReadNames(rule, approval, label, out var listed) ? names.Intersect(listed ?? [], StringComparer.Ordinal) : [];
    }

    // An array of names, or an object that has one.
    private static bool TryReadNames(JsonElement tool, string field, string label, out IReadOnlyList<string>? names)
    {
        names = null;
        if (!tool.TryGetProperty(field, out var list) || list.ValueKind == JsonValueKind.Null)
            return true;
        if (list.ValueKind == JsonValueKind.Object && (list.EnumerateObject().Any(filter => filter.Name != "tool_names") || !list.TryGetProperty("tool_names", out list)))
            return false;
        if (list.ValueKind != JsonValueKind.Array)
            return false;
        var read = new List<string>();
        foreach (var entry in list.EnumerateArray())
        {
            if (!JsonField.TryGetText(entry, out var name))
                return false;
            read.Add(NameIn(label, name!));
        }

        names = read;
        return true;
    }

    /// <summary>Those of the names that are of tools of a source.</summary>
    public static IEnumerable<string> NamesOf(string label, IEnumerable<string> names) => names.Where(name => (ToolName.SourceOf(name) ?? OpenCalls.OwnLabel) == label);

    /// <summary>The name of a tool of a source; it may lack the prefix that the tools of the source have.</summary>
    public static string NameIn(string label, string name) => label == OpenCalls.OwnLabel || ToolName.SourceOf(name) == label ? name : ToolName.Of(label, name);
}
