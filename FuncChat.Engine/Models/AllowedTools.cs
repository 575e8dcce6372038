using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace FuncChat.Engine.Models;

/// <summary>The `tool_choice` of type `allowed_tools`. APIs that have no counterpart are offered the allowed tools alone.</summary>
internal sealed class AllowedTools
{
    private const string Field = "allowed_tools";
    private const string Mode = "mode";

    private readonly RawJson _choice;
    private readonly HashSet<string> _names;

    private AllowedTools(RawJson choice, HashSet<string> names, bool isRequired) => (_choice, _names, IsRequired) = (choice, names, isRequired);

    /// <summary>Whether the model must call one of them.</summary>
    public bool IsRequired { get; }

    /// <summary>Null if the request does not limit the tools, or forbids calls.</summary>
    public static AllowedTools? Of(ModelRequest request) => request.ForbidsToolCalls ? null : Of(request.Options);

    /// <summary>Null if the options do not limit the tools.</summary>
    public static AllowedTools? Of(IReadOnlyDictionary<string, RawJson> options)
    {
        if (!options.TryGetValue("tool_choice", out var choice))
            return null;
        using var document = JsonDocument.Parse(choice.Utf8);
        if (document.RootElement.ValueKind is not JsonValueKind.Object || !document.RootElement.TryGetProperty(Field, out var allowed)
            || !allowed.TryGetProperty("tools", out var tools))
            return null;
        var names = tools.EnumerateArray().Select(tool => tool.TryGetProperty("function", out var function) ? MessageJson.Text(function, "name") : null).OfType<string>();
        return new AllowedTools(choice, names.ToHashSet(StringComparer.Ordinal), MessageJson.Text(allowed, Mode) == "required");
    }

    /// <summary>Which tools the model may call. Providers need not keep their models from calling others, or any.</summary>
    public static Predicate<string> CallableBy(IReadOnlyDictionary<string, RawJson> options) =>
        options.TryGetValue("tool_choice", out var choice) && choice.Utf8.Span.SequenceEqual("\"none\""u8) ? _ => false
        : Of(options) is { } allowed ? allowed.Allows
        : _ => true;

    public bool Allows(string name) => _names.Contains(name);

    /// <summary>The `tool_choice` with the same tools, of which the model need not call one.</summary>
    public RawJson ToOptional()
    {
        var choice = JsonNode.Parse(_choice.Utf8.Span)!;
        choice[Field]![Mode] = "auto";
        return new RawJson(Encoding.UTF8.GetBytes(choice.ToJsonString()));
    }

    public IReadOnlyList<AIFunctionDeclaration> Filter(IReadOnlyList<AIFunctionDeclaration> tools) => [.. tools.Where(tool => Allows(tool.Name))];
}
