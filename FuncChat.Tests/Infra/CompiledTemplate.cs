using System.Text.Json.Nodes;

namespace FuncChat.Tests.Infra;

/// <summary>main.bicep as Resource Manager gets it: a template, with one nested in it for each module.</summary>
internal sealed class CompiledTemplate
{
    private static readonly Lazy<Task<CompiledTemplate>> Built = new(BuildAsync);

    private CompiledTemplate(string json, string said)
    {
        Said = said;
        Root = JsonNode.Parse(json)!.AsObject();
        All = [.. WithNested("main", Root)];
    }

    /// <summary>What the compiler and its linter had to say.</summary>
    public string Said { get; }

    public JsonObject Root { get; }

    /// <summary>main and every module, by name.</summary>
    public IReadOnlyList<(string Name, JsonObject Template)> All { get; }

    public static Task<CompiledTemplate> GetAsync() => Built.Value;

    private static async Task<CompiledTemplate> BuildAsync()
    {
        var run = await BicepCli.RunAsync(BicepCli.Infra, "build", "main.bicep", "--stdout");
        return run.ExitCode == 0 ? new CompiledTemplate(run.Output, run.Errors) : throw new InvalidOperationException(run.Errors);
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
