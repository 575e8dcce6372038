using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Engine;
using FuncChat.Web.Http;

namespace FuncChat.Web.Responses;

/// <summary>The fields of a request that are passed on to the provider, as OpenAI's chat completions name them.</summary>
internal static class ResponseOptions
{
    private static readonly string[] Alike = ["parallel_tool_calls", "service_tier", "user", "safety_identifier", "prompt_cache_key"];

    public static Result<Dictionary<string, RawJson>> Read(JsonElement body)
    {
        var options = new Dictionary<string, RawJson>(StringComparer.Ordinal);
        foreach (var name in Alike)
        {
            if (TryGet(body, name, out var value))
                options[name] = RawJson.Of(value);
        }

        if (Child(body, "reasoning", "effort") is { } effort)
            options["reasoning_effort"] = RawJson.Of(effort);
        if (Child(body, "text", "verbosity") is { } verbosity)
            options["verbosity"] = RawJson.Of(verbosity);
        if (Child(body, "text", "format") is { } format)
        {
            if (format.ValueKind != JsonValueKind.Object)
                return JsonField.Error("$.text.format", "The format must be an object with a type.");
            if (FormatOf(format) is { } schema)
                options["response_format"] = schema;
        }

        if (!TryGet(body, "tool_choice", out var choice))
            return options;
        if (ChoiceOf(choice) is not { } chosen)
            return JsonField.Error("$.tool_choice", "This must be auto, none, required, or {\"type\":\"function\",\"name\":…} with the name of a tool.");
        options["tool_choice"] = chosen;
        return options;
    }

    private static RawJson? FormatOf(JsonElement format)
    {
        var type = format.TryGetProperty("type", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString() : null;
        if (type != "json_schema")
            return type is null or "text" ? null : RawJson.Of(format);
        var schema = new JsonObject();
        foreach (var field in format.EnumerateObject().Where(field => field.Name != "type" && field.Value.ValueKind != JsonValueKind.Null))
            schema[field.Name] = JsonNode.Parse(field.Value.GetRawText());
        return Json(new JsonObject { ["type"] = "json_schema", ["json_schema"] = schema });
    }

    private static RawJson? ChoiceOf(JsonElement choice)
    {
        if (choice.ValueKind == JsonValueKind.String)
            return choice.GetString() is "auto" or "none" or "required" ? RawJson.Of(choice) : null;
        if (choice.ValueKind != JsonValueKind.Object || !choice.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
            return null;
        var isSearch = type.GetString()!.StartsWith("web_search", StringComparison.Ordinal);
        var name = isSearch ? ResponseTools.SearchTool
            : type.GetString() is "function" or "mcp" && choice.TryGetProperty("name", out var named) && JsonField.TryGetText(named, out var text) ? text
            : null;
        return name is null ? null : Json(new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = name } });
    }

    private static JsonElement? Child(JsonElement body, string parent, string name) =>
        TryGet(body, parent, out var owner) && owner.ValueKind == JsonValueKind.Object && TryGet(owner, name, out var value) ? value : null;

    private static bool TryGet(JsonElement owner, string name, out JsonElement value) =>
        owner.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    private static RawJson Json(JsonObject json) => new(JsonSerializer.SerializeToUtf8Bytes(json));
}
