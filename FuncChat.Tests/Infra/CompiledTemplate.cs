using System.Text.Json.Nodes;

namespace FuncChat.Tests.Infra;

/// <summary>main.bicep as Resource Manager gets it: a template, with one nested in it for each module.</summary>
internal sealed class CompiledTemplate
{
    private static readonly Lazy<Task<CompiledTemplate>> Built = new(BuildAsync);

    private CompiledTemplate(string json, IReadOnlyList<string> diagnostics)
    {
        Diagnostics = diagnostics;
        Root = JsonNode.Parse(json)!.AsObject();
        All = [.. WithNested("main", Root)];
    }

    /// <summary>The warnings of the compiler and its linter.</summary>
    public IReadOnlyList<string> Diagnostics { get; }

    public JsonObject Root { get; }

    /// <summary>main and every module, by name.</summary>
    public IReadOnlyList<(string Name, JsonObject Template)> All { get; }

    public static Task<CompiledTemplate> GetAsync() => Built.Value;

    private static async Task<CompiledTemplate> BuildAsync()
    {
        var result = await BicepServer.RequestAsync("bicep/compile", new JsonObject { ["path"] = Path.Combine(BicepCli.Infra, "main.bicep") });
        var diagnostics = result["diagnostics"]!.AsArray();
        return result["success"]!.GetValue<bool>()
            ? new CompiledTemplate(result["contents"]!.GetValue<string>(), [.. diagnostics.Select(diagnostic => diagnostic!.ToJsonString())])
            : throw new InvalidOperationException(diagnostics.ToJsonString());
    }

    private static IEnumerable<(string Name, JsonObject Template)> WithNested(string name, JsonObject template)
    {
        yield return (name, template);
        foreach (var (key, resource) in Resources(template))
        {
            if (resource["properties"] is not JsonObject properties || properties["template"] is not JsonObject nested)
                continue;
            foreach (var inner in WithNested($"{name}/{key}", nested))
                yield return inner;
        }
    }

    // By name where a template uses newer features of the language, else in an array.
    private static IEnumerable<(string Key, JsonNode Resource)> Resources(JsonObject template) => template["resources"] is JsonObject named
        ? named.Select(resource => (resource.Key, resource.Value!))
        : template["resources"]!.AsArray().Select((resource, index) => ($"{index}", resource!));
}
