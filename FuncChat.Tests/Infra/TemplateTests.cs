using System.Text.Json.Nodes;

namespace FuncChat.Tests.Infra;

/// <summary>The template as such: it compiles clean, says what everything is, and keeps secrets.</summary>
public sealed class TemplateTests
{
    [Fact]
    public async Task Template_builds_without_a_warning() => Assert.Empty((await CompiledTemplate.GetAsync()).Diagnostics);

    // The parameters and the template that uses them. The linter exits 0 on type warnings: its output counts.
    [Fact]
    public async Task Template_lints_without_a_warning()
    {
        var run = await BicepCli.RunAsync(BicepCli.Infra, "lint", "main.bicepparam");

        Assert.Equal(new ProgramRun(0, "", ""), run);
    }

    [Theory]
    [InlineData("small")]
    [InlineData("production")]
    public async Task Deployment_can_be_planned_in_full(string size) => Assert.Empty((await PlannedDeployment.GetAsync(size)).Diagnostics);

    [Fact]
    public async Task Module_waits_for_the_resource_group_that_it_deploys_into()
    {
        var resources = (await CompiledTemplate.GetAsync()).Root["resources"]!.AsObject();
        var early = resources
            .Where(resource => resource.Value!["type"]!.GetValue<string>() == "Microsoft.Resources/deployments" && resource.Value["resourceGroup"]!.GetValue<string>() == "[variables('groupName')]")
            .Select(resource => resource.Key).Where(name => !WaitsFor(name));

        Assert.Empty(early);

        bool WaitsFor(string name) =>
            name == "newGroup" || (resources[name]!["dependsOn"]?.AsArray().Any(dependency => WaitsFor(dependency!.GetValue<string>())) ?? false);
    }

    [Fact]
    public async Task Every_module_parameter_property_and_output_is_described()
    {
        var missing =
            from module in (await CompiledTemplate.GetAsync()).All
            from part in Undescribed(module.Template)
            select $"{module.Name}: {part}";

        Assert.Empty(missing);
    }

    [Fact]
    public async Task Every_secure_parameter_is_empty_or_asked_for()
    {
        var secure = Secure((await CompiledTemplate.GetAsync()).Root).ToList();

        Assert.Equal(4, secure.Count);
        Assert.All(secure, parameter => Assert.Equal("", parameter.Value!["defaultValue"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Parameter_named_like_a_secret_is_a_secure_one()
    {
        var bare =
            from module in (await CompiledTemplate.GetAsync()).All
            from parameter in Entries(module.Template, "parameters")
            where parameter.Key.EndsWith("ApiKey", StringComparison.Ordinal) || parameter.Key.Equals("secrets", StringComparison.Ordinal)
            where !parameter.Value!["type"]!.GetValue<string>().StartsWith("secure", StringComparison.Ordinal)
            select $"{module.Name}: {parameter.Key}";

        Assert.Empty(bare);
    }

    [Fact]
    public async Task Output_holds_no_secret()
    {
        var outputs =
            from module in (await CompiledTemplate.GetAsync()).All
            from output in Entries(module.Template, "outputs")
            let value = output.Value!["value"]!.ToJsonString()
            where value.Contains("listKeys", StringComparison.OrdinalIgnoreCase)
                || Secure(module.Template).Any(parameter => value.Contains($"parameters('{parameter.Key}')", StringComparison.Ordinal))
            select $"{module.Name}: {output.Key}";

        Assert.Empty(outputs);
    }

    [Fact]
    public async Task Given_key_is_not_in_the_plan() =>
        Assert.DoesNotContain(PlannedDeployment.CanaryKey, (await PlannedDeployment.GetAsync("production")).Text, StringComparison.Ordinal);

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Secure(JsonObject template) =>
        Entries(template, "parameters").Where(parameter => parameter.Value!["type"]?.GetValue<string>() is "securestring" or "secureObject");

    private static IEnumerable<string> Undescribed(JsonObject template)
    {
        if (IsUndescribed(template))
            yield return "the module itself";
        foreach (var (key, entry) in Entries(template, "parameters").Concat(Entries(template, "outputs")))
        {
            if (IsUndescribed(entry!))
                yield return key;
        }

        foreach (var (type, definition) in Entries(template, "definitions"))
        {
            foreach (var (key, property) in Entries(definition!.AsObject(), "properties"))
            {
                if (IsUndescribed(property!))
                    yield return $"{type}.{key}";
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Entries(JsonObject template, string section) => template[section]?.AsObject() ?? [];

    private static bool IsUndescribed(JsonNode entry) => string.IsNullOrWhiteSpace(entry["metadata"]?["description"]?.GetValue<string>());
}
