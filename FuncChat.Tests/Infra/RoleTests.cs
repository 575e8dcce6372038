using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FuncChat.Tests.Infra;

/// <summary>The app's identity has these roles, each on one resource, and no other.</summary>
public sealed partial class RoleTests
{
    private const string BlobDataOwner = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
    private const string QueueDataContributor = "974c5e8b-45b9-4653-ba55-5f855dd0fb88";
    private const string TableDataContributor = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3";
    private const string SecretsUser = "4633458b-17de-408a-b874-0445c86b69e6";
    private const string MetricsPublisher = "3913510d-42f4-4e42-8a64-420c390055eb";
    private const string OpenAiUser = "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd";
    private const string DurableTaskDataContributor = "0ad04412-c4d5-4796-b79c-f76d14c8d402";

    [Theory]
    [InlineData("small")]
    [InlineData("production", $"Microsoft.CognitiveServices/accounts {OpenAiUser}")]
    public async Task Identity_has_the_roles_it_needs_and_no_other(string size, params string[] more)
    {
        var given = (await PlannedDeployment.GetAsync(size)).OfType("Microsoft.Authorization/roleAssignments").Select(ScopeAndRole);

        Assert.Equal(
            [
                .. more,
                $"Microsoft.Insights/components {MetricsPublisher}",
                $"Microsoft.KeyVault/vaults {SecretsUser}",
                $"Microsoft.Storage/storageAccounts {TableDataContributor}",
                $"Microsoft.Storage/storageAccounts {QueueDataContributor}",
                $"Microsoft.Storage/storageAccounts {BlobDataOwner}",
            ],
            given.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("small")]
    [InlineData("production")]
    public async Task Role_goes_to_the_identity_of_the_app_only(string size) => Assert.All(
        (await PlannedDeployment.GetAsync(size)).OfType("Microsoft.Authorization/roleAssignments"),
        assignment =>
        {
            Assert.Equal("ServicePrincipal", assignment["properties"]!["principalType"]!.GetValue<string>());
            Assert.Contains("identity-", assignment["properties"]!["principalId"]!.GetValue<string>(), StringComparison.Ordinal);
        });

    [Fact]
    public async Task Developer_has_the_roles_to_run_the_app_on_their_own_machine_and_to_write_secrets()
    {
        const string SecretsOfficer = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
        var deployment = await PlannedDeployment.GetOwnAsync();
        var given = deployment.OfType("Microsoft.Authorization/roleAssignments")
            .Where(role => role["properties"]!["principalId"]!.GetValue<string>() == PlannedDeployment.Developer).ToList();

        Assert.Equal(
            [
                $"Microsoft.CognitiveServices/accounts {OpenAiUser}",
                $"Microsoft.KeyVault/vaults {SecretsOfficer}",
                $"Microsoft.Storage/storageAccounts {TableDataContributor}",
                $"Microsoft.Storage/storageAccounts {QueueDataContributor}",
                $"Microsoft.Storage/storageAccounts {BlobDataOwner}",
            ],
            given.Select(ScopeAndRole).Order(StringComparer.Ordinal));
        Assert.All(given, role => Assert.Null(role["properties"]!["principalType"]));
    }

    [Theory]
    [InlineData("main/existingOpenAi")]
    [InlineData("main/scheduler")]
    public async Task Developer_has_a_role_on_optional_resources_too(string module)
    {
        var template = (await CompiledTemplate.GetAsync()).All.Single(each => each.Name == module).Template;
        var resources = template["resources"] is JsonObject named ? named.Select(each => each.Value) : template["resources"]!.AsArray();
        var assignments = resources.Where(resource => resource!["type"]!.GetValue<string>() == "Microsoft.Authorization/roleAssignments")
            .Select(resource => resource!["properties"]!["principalId"]!.GetValue<string>());

        Assert.Equal(["[parameters('principalId')]", "[parameters('developerId')]"], assignments);
    }

    [Fact]
    public async Task Scheduler_takes_the_place_of_queues_when_it_is_the_backend()
    {
        var template = await CompiledTemplate.GetAsync();
        var scheduler = template.All.Single(module => module.Name == "main/scheduler").Template;
        var assignment = scheduler["resources"]!.AsArray()
            .First(resource => resource!["type"]!.GetValue<string>() == "Microsoft.Authorization/roleAssignments")!;
        var storage = template.Root["resources"]!["storage"]!["properties"]!["parameters"]!;

        Assert.Equal(DurableTaskDataContributor, scheduler["variables"]!["dataContributor"]!.GetValue<string>());
        Assert.Contains("Microsoft.DurableTask/schedulers/taskHubs", assignment["scope"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("[variables('onScheduler')]", template.Root["resources"]!["scheduler"]!["condition"]!.GetValue<string>());
        Assert.Equal("[not(variables('onScheduler'))]", storage["holdsDurableState"]!["value"]!.GetValue<string>());
        Assert.DoesNotContain("onScheduler", template.Root["resources"]!["settingsOfApp"]!["properties"]!["parameters"]!["tableUri"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_of_the_account_is_called_by_identity_and_by_no_key()
    {
        var openAi = (await CompiledTemplate.GetAsync()).All.Single(module => module.Name == "main/openAi").Template;
        var resources = openAi["resources"]!.AsArray().Select(resource => resource!).ToList();
        var account = resources.Single(resource => resource["type"]!.GetValue<string>() == "Microsoft.CognitiveServices/accounts");
        var assignment = resources.First(resource => resource["type"]!.GetValue<string>() == "Microsoft.Authorization/roleAssignments");

        Assert.True(account["properties"]!["disableLocalAuth"]!.GetValue<bool>());
        Assert.Equal(OpenAiUser, openAi["variables"]!["openAiUser"]!.GetValue<string>());
        Assert.Contains("Microsoft.CognitiveServices/accounts", assignment["scope"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    // An assignment's id begins with its scope: extensionResourceId('/subscriptions/…/providers/<type>/<name>', …), or that path itself.
    private static string ScopeAndRole(JsonObject assignment)
    {
        var scope = Scope().Match(assignment["id"]!.GetValue<string>()).Groups["type"].Value;
        var role = assignment["properties"]!["roleDefinitionId"]!.GetValue<string>().Split('/')[^1];
        return $"{scope} {role}";
    }

    [GeneratedRegex(
        "^(\\[extensionResourceId\\(')?/subscriptions/[^/]+/resourceGroups/[^/]+/providers/(?<type>[^/']+/[^/']+)/[^/']+(', '|/providers/)Microsoft.Auth",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Scope();
}
