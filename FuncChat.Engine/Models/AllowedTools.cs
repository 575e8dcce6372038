using System.Text.Json;
using Microsoft.Extensions.AI;

namespace FuncChat.Engine.Models;

/// <summary>The `tool_choice` of type `allowed_tools`, for APIs that have no counterpart: they are offered the allowed tools alone.</summary>
internal sealed class AllowedTools
{
    private readonly HashSet<string> _names;

    private AllowedTools(HashSet<string> names, bool isRequired) => (_names, IsRequired) = (names, isRequired);

    /// <summary>Whether the model must call one of them.</summary>
    public bool IsRequired { get; }

    /// <summary>Null if the request does not limit the tools, or forbids calls.</summary>
    public static AllowedTools? Of(ModelRequest request)
    {
        if (request.ForbidsToolCalls || !request.Options.TryGetValue("tool_choice", out var choice))
            return null;
        using var document = JsonDocument.Parse(choice.Utf8);
        if (document.RootElement.ValueKind is not JsonValueKind.Object || !document.RootElement.TryGetProperty("allowed_tools", out var allowed)
            || !allowed.TryGetProperty("tools", out var tools))
            return null;
        var names = tools.EnumerateArray().Select(tool => tool.TryGetProperty("function", out var function) ? MessageJson.Text(function, "name") : null).OfType<string>();
        return new AllowedTools(names.ToHashSet(StringComparer.Ordinal), MessageJson.Text(allowed, "mode") == "required");
    }

    public IReadOnlyList<AIFunctionDeclaration> Filter(IReadOnlyList<AIFunctionDeclaration> tools) => [.. tools.Where(tool => _names.Contains(tool.Name))];
}
