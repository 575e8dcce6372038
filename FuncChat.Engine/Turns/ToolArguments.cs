using System.Collections.Concurrent;
using System.Text.Json;
using FuncChat.Tools;
using NJsonSchema;
using NJsonSchema.Validation;

namespace FuncChat.Engine.Turns;

/// <summary>Checks a tool call's arguments, which the model made up, against the tool's schema.</summary>
internal sealed class ToolArguments
{
    private const int ErrorsTold = 5;
    private readonly ConcurrentDictionary<Tool, Task<JsonSchema>> _schemas = new();

    /// <summary>What is wrong with the arguments, as a sentence for the model; null where they fit.</summary>
    public async Task<string?> FindFaultAsync(Tool tool, string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments);
        }
        catch (JsonException e)
        {
            return $"The arguments are not valid JSON: {e.Message}";
        }

        var schema = await _schemas.GetOrAdd(tool, static tool => JsonSchema.FromJsonAsync(tool.Function.JsonSchema.GetRawText()));
        var errors = schema.Validate(arguments);
        return errors.Count == 0
            ? null
            : $"The arguments do not fit the tool: {string.Join("; ", errors.Take(ErrorsTold).Select(Describe))}. "
                + $"Its schema is {tool.Function.JsonSchema.GetRawText()}";
    }

    private static string Describe(ValidationError error) => $"{error.Path ?? "#"} {error.Kind}";
}
