using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Engine;
using FuncChat.Web.Formats.Responses;
using FuncChat.Web.Http;
using FuncChat.Web.OpenAi;

namespace FuncChat.Web.Responses;

/// <summary>The fields of a request that are passed on to the provider, as OpenAI's chat completions name them.</summary>
internal static class ResponseOptions
{
    private static readonly string[] Alike = ["parallel_tool_calls", "service_tier", "user", "safety_identifier", "prompt_cache_key"];

    /// <param name="names">The tools that the request offers.</param>
    public static Result<Dictionary<string, RawJson>> Read(JsonElement body, IReadOnlyCollection<string> names)
    {
        var options = new Dictionary<string, RawJson>(StringComparer.Ordinal);
        foreach (var name in Alike)
        {
            if (JsonField.TryGet(body, name, out var value))
                options[name] = RawJson.Of(value);
        }

        if (Child(body, "reasoning", "effort") is { } effort)
            options["reasoning_effort"] = RawJson.Of(effort);
        if (Child(body, "text", "verbosity") is { } verbosity)
            options["verbosity"] = RawJson.Of(verbosity);
        if (Child(body, "text", "format") is { } format && FormatOf(format) is { } schema)
            options["response_format"] = schema;
        if (!JsonField.TryGet(body, "tool_choice", out var choice))
            return options;
        if (FindErrorOfChoice(choice, names, out var chosen) is { } error)
            return error;
        options["tool_choice"] = chosen;
        return options;
    }

    private static RawJson? FormatOf(JsonElement format)
    {
        var type = format.GetProperty("type").GetString();
        if (type != "json_schema")
            return type == "text" ? null : RawJson.Of(format);
        var schema = new JsonObject();
        foreach (var field in format.EnumerateObject().Where(field => field.Name != "type" && field.Value.ValueKind != JsonValueKind.Null))
            schema[field.Name] = JsonNode.Parse(field.Value.GetRawText());
        return Json(new JsonObject { ["type"] = "json_schema", ["json_schema"] = schema });
    }

    // As chat completions have it.
    private static AppError? FindErrorOfChoice(JsonElement choice, IReadOnlyCollection<string> names, out RawJson chosen)
    {
        const string Path = "$.tool_choice";
        chosen = RawJson.Of(choice);
        if (choice.ValueKind == JsonValueKind.String && choice.GetString() is "auto" or "none" or "required")
            return choice.ValueEquals("required") && names.Count == 0 ? ToolChoice.NoTools(Path) : null;
        if (choice.ValueKind == JsonValueKind.Object && JsonField.TextOf(choice, "type") == "allowed_tools")
            return FindErrorOfAllowed(choice, Path, names, out chosen);
        if (choice.ValueKind != JsonValueKind.Object || NameIn(choice) is not { } name)
            return JsonField.Error(Path, "This must be auto, none, required, or {\"type\":\"function\",\"name\":…} with the name of a tool of this request.");
        chosen = Json(new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = name } });
        return ToolChoice.FindErrorOfName(name, choice.TryGetProperty("name", out _) ? $"{Path}.name" : Path, names);
    }

    private static AppError? FindErrorOfAllowed(JsonElement choice, string path, IReadOnlyCollection<string> names, out RawJson chosen)
    {
        chosen = default;
        var allowed = new JsonArray();
        var rule = FieldRules.Object(
            new Field("mode", FieldRules.OneOf("auto", "required"), IsRequired: true),
            new Field("tools", FieldRules.ArrayOf((tool, toolPath) => AddAllowed(tool, toolPath, names, allowed)), IsRequired: true));
        if (rule(choice, path) is { } error)
            return error;
        chosen = Json(new JsonObject
        {
            ["type"] = "allowed_tools",
            ["allowed_tools"] = new JsonObject { ["mode"] = JsonField.TextOf(choice, "mode"), ["tools"] = allowed },
        });
        return null;
    }

    private static AppError? AddAllowed(JsonElement tool, string path, IReadOnlyCollection<string> names, JsonArray allowed)
    {
        if (tool.ValueKind != JsonValueKind.Object)
            return JsonField.Error(path, "This must be an object with the type and the name of a tool.");

        // A source without a name allows all of its tools.
        var isSource = JsonField.TextOf(tool, "type") == "mcp" && JsonField.TextOf(tool, "name") is null;
        List<string> chosen = isSource ? [.. ResponseTools.NamesOf(JsonField.TextOf(tool, "server_label") ?? OpenCalls.OwnLabel, names)] : NameIn(tool) is { } name ? [name] : [];
        if (chosen.Count == 0)
            return JsonField.Error($"{path}.{(isSource ? "server_label" : "name")}", "The request offers no such tool.");
        foreach (var each in chosen)
        {
            if (ToolChoice.FindErrorOfName(each, $"{path}.name", names) is { } error)
                return error;
            allowed.Add(new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = each } });
        }

        return null;
    }

    private static string? NameIn(JsonElement choice)
    {
        var (type, name) = (JsonField.TextOf(choice, "type"), JsonField.TextOf(choice, "name"));
        return type switch
        {
            "function" or "custom" when name is not null => ClientToolNames.Of(JsonField.TextOf(choice, "namespace"), name),
            "mcp" when name is not null => ResponseTools.NameIn(JsonField.TextOf(choice, "server_label") ?? OpenCalls.OwnLabel, name),
            _ when type?.StartsWith("web_search", StringComparison.Ordinal) == true => OpenCalls.SearchTool,
            _ => null,
        };
    }


    private static JsonElement? Child(JsonElement body, string parent, string name) =>
        JsonField.TryGet(body, parent, out var owner) && owner.ValueKind == JsonValueKind.Object && JsonField.TryGet(owner, name, out var value) ? value : null;

    private static RawJson Json(JsonObject json) => new(JsonSerializer.SerializeToUtf8Bytes(json));
}
