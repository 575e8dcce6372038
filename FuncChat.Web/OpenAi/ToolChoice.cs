using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Web.Http;

namespace FuncChat.Web.OpenAi;

/// <summary>Checks `tool_choice` of OpenAI's chat completions.</summary>
internal static class ToolChoice
{
    private const string Expected = "This must be none, auto, required, or {\"type\":\"function\",\"function\":{\"name\":…}} with the name of a tool of this request.";

    /// <param name="names">The tools that the request offers.</param>
    public static AppError? FindError(JsonElement body, IReadOnlyCollection<string> names)
    {
        const string Path = "$.tool_choice";
        if (!body.TryGetProperty("tool_choice", out var choice) || choice.ValueKind == JsonValueKind.Null)
            return null;
        if (choice.ValueKind == JsonValueKind.String)
        {
            return choice.ValueEquals("none") || choice.ValueEquals("auto") ? null
                : !IsRequired(choice) ? JsonField.Error(Path, Expected)
                : names.Count == 0 ? NoTools(Path)
                : null;
        }

        if (choice.ValueKind != JsonValueKind.Object || !choice.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
            return JsonField.Error(Path, Expected);
        return type.GetString() switch
        {
            "function" => FindErrorOfFunction(choice, Path, names),
            "allowed_tools" => FindErrorOfAllowed(choice, $"{Path}.allowed_tools", names),
            _ => JsonField.Error($"{Path}.type", "The type must be one of: function, allowed_tools."),
        };
    }

    /// <summary>Whether the model must call a tool. `any` is Mistral's word for it.</summary>
    public static bool IsRequired(JsonElement choice) => choice.ValueKind == JsonValueKind.String && (choice.ValueEquals("required") || choice.ValueEquals("any"));

    /// <summary>The error if the choice names a tool that the request does not offer.</summary>
    public static AppError? FindErrorOfName(string name, string path, IReadOnlyCollection<string> names) =>
        names.Count == 0 ? NoTools(path) : names.Contains(name) ? null : JsonField.Error(path, "The request offers no tool with this name.");

    /// <summary>The error if a choice needs tools, and the request offers none.</summary>
    public static AppError NoTools(string path) => JsonField.Error(path, "The request offers no tools: send tools, or leave tool_choice out.");

    private static AppError? FindErrorOfFunction(JsonElement choice, string path, IReadOnlyCollection<string> names) =>
        choice.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object
        && function.TryGetProperty("name", out var value) && JsonField.TryGetText(value, out var name)
            ? FindErrorOfName(name!, $"{path}.function.name", names)
            : JsonField.Error($"{path}.function.name", "The name of the tool is missing.");

    private static AppError? FindErrorOfAllowed(JsonElement choice, string path, IReadOnlyCollection<string> names)
    {
        if (!choice.TryGetProperty("allowed_tools", out var allowed) || allowed.ValueKind == JsonValueKind.Null)
            return JsonField.Error(path, "This is missing.");
        var rule = FieldRules.Object(
            new Field("mode", FieldRules.OneOf("auto", "required"), IsRequired: true),
            new Field("tools", FieldRules.ArrayOf((tool, toolPath) => FindErrorOfFunction(tool, toolPath, names)), IsRequired: true));
        return rule(allowed, path);
    }
}
