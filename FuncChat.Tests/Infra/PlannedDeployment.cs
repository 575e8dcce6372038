using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Infra;

/// <summary>What a deployment with infra/main.bicepparam would create, worked out without Azure.</summary>
internal sealed partial class PlannedDeployment
{
    private static readonly Lazy<Task<PlannedDeployment>> SmallPlan = new(() => PlanAsync([]));

    private static readonly Lazy<Task<PlannedDeployment>> ProductionPlan = new(() => PlanAsync(new(StringComparer.Ordinal)
    {
        ["FUNCCHAT_SIZE"] = "production",
        ["FUNCCHAT_ALLOWED_CALLERS"] = "203.0.113.0/24",
        ["FUNCCHAT_OTHER_ORIGINS"] = "https://chat.example.com",
        ["FUNCCHAT_ALERT_EMAIL"] = "operator@example.com",
        ["FUNCCHAT_AZURE_OPENAI_MODEL"] = "gpt-5-mini",
        ["OPENAI_API_KEY"] = CanaryKey,
    }));

    private static readonly Lazy<Task<PlannedDeployment>> OwnPlan = new(() => PlanAsync(new(StringComparer.Ordinal)
    {
        ["FUNCCHAT_RESOURCE_GROUP"] = "rg-existing",
        ["FUNCCHAT_WORKSPACE_ID"] = OwnWorkspace,
        ["FUNCCHAT_TAGS"] = """{"cost-center":"42"}""",
        ["FUNCCHAT_MONTHLY_BUDGET"] = "100",
        ["FUNCCHAT_BUDGET_START"] = "2026-12-01",
        ["FUNCCHAT_DEVELOPER_ID"] = Developer,
        ["FUNCCHAT_PAGE_DOMAIN"] = "chat.example.com",
        ["FUNCCHAT_AZURE_OPENAI_MODEL"] = "gpt-5-mini",
    }));

    private PlannedDeployment(string text)
    {
        Text = text;
        var plan = JsonNode.Parse(text)!;
        Diagnostics = [.. plan["diagnostics"]!.AsArray().Select(diagnostic => diagnostic!.ToString())];
        Resources = [.. plan["predictedResources"]!.AsArray().Select(resource => resource!.AsObject())];
    }

    /// <summary>The workspace of <see cref="GetOwnAsync"/>.</summary>
    public const string OwnWorkspace = "/subscriptions/0/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/central";

    /// <summary>The developer of <see cref="GetOwnAsync"/>.</summary>
    public const string Developer = "00000000-0000-0000-0000-000000000002";

    /// <summary>An API key that a plan must never show.</summary>
    public const string CanaryKey = "sk-canary-0123456789";

    public string Text { get; }

    public IReadOnlyList<string> Diagnostics { get; }

    public IReadOnlyList<JsonObject> Resources { get; }

    public static Task<PlannedDeployment> GetAsync(string size) => size == "small" ? SmallPlan.Value : ProductionPlan.Value;

    /// <summary>The plan of an organization with a resource group, a workspace, a budget, a domain and a developer of its own.</summary>
    public static Task<PlannedDeployment> GetOwnAsync() => OwnPlan.Value;

    /// <summary>The plan for an environment with these variables.</summary>
    public static Task<PlannedDeployment> OfAsync(Dictionary<string, string?> variables) => PlanAsync(variables);

    public IEnumerable<JsonObject> OfType(string type) => Resources.Where(resource => resource["type"]!.GetValue<string>() == type);

    /// <summary>The properties of the only resource of a type.</summary>
    public JsonNode Properties(string type) => Assert.Single(OfType(type))["properties"]!;

    private static async Task<PlannedDeployment> PlanAsync(Dictionary<string, string?> variables)
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(BicepCli.Infra, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder.Path, Path.GetRelativePath(BicepCli.Infra, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var parameters = Path.Combine(folder.Path, "main.bicepparam");
        await File.WriteAllTextAsync(parameters, WithValues(await File.ReadAllTextAsync(parameters), variables));
        var result = await BicepServer.RequestAsync("bicep/getSnapshot", new JsonObject
        {
            ["path"] = parameters,
            ["metadata"] = new JsonObject { ["location"] = "swedencentral", ["subscriptionId"] = "00000000-0000-0000-0000-000000000001" },
        });
        return new PlannedDeployment(result["snapshot"]!.GetValue<string>());
    }

    // The server, which is one for all plans, has only one environment. CheckedValueTests have Bicep itself read the variables.
    private static string WithValues(string parameters, Dictionary<string, string?> variables) => Variable().Replace(parameters, match =>
    {
        var value = match.Groups["name"].Value switch
        {
            "AZURE_ENV_NAME" => "test",
            "AZURE_LOCATION" => "swedencentral",
            var name => variables.GetValueOrDefault(name) ?? "",
        };
        return $"'{value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal).Replace("$", @"\$", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal)}'";
    });

    [GeneratedRegex(@"readEnvironmentVariable\('(?<name>\w+)'(, '')?\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}
