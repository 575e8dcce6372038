using FuncChat.Tests.Support;

namespace FuncChat.Tests.Infra;

/// <summary>What an organization has already, or names itself.</summary>
public sealed class OwnResourceTests
{
    [Fact]
    public async Task Existing_resources_are_used_when_they_are_named()
    {
        var deployment = await PlannedDeployment.GetOwnAsync();

        Assert.Empty(deployment.OfType("Microsoft.Resources/resourceGroups"));
        Assert.Empty(deployment.OfType("Microsoft.OperationalInsights/workspaces"));
        Assert.Equal(PlannedDeployment.OwnWorkspace, deployment.Properties("Microsoft.Insights/components")["WorkspaceResourceId"]!.GetValue<string>());
        Assert.All(deployment.OfType("Microsoft.Storage/storageAccounts"), account => Assert.Equal("42", account["tags"]!["cost-center"]!.GetValue<string>()));
        Assert.Equal(100, deployment.Properties("Microsoft.Consumption/budgets")["amount"]!.GetValue<int>());
        Assert.Contains(
            deployment.OfType("Microsoft.Authorization/roleAssignments"),
            role => role["properties"]!["principalId"]!.GetValue<string>() == PlannedDeployment.Developer);
    }

    [Fact]
    public async Task Alerts_and_dashboard_read_only_the_rows_of_the_app_in_a_workspace_of_several()
    {
        const string ofComponent = "'let component = \"\";', format('let component = \"{0}\";', reference(";
        var deployment = await PlannedDeployment.GetAsync("production");
        var alerts = deployment.OfType("Microsoft.Insights/scheduledQueryRules").Select(rule => rule["properties"]!["criteria"]!["allOf"]![0]!["query"]!.GetValue<string>()).ToList();
        var panels = deployment.Properties("Microsoft.Insights/workbooks")["serializedData"]!.GetValue<string>();
        var queries = Directory.GetFiles(Path.Combine(BicepCli.Infra, "queries")).Select(File.ReadAllText).ToList();

        // The component's id is known when it is deployed.
        Assert.Equal(3, alerts.Count);
        Assert.All(alerts, alert => Assert.Contains(ofComponent, alert, StringComparison.Ordinal));
        Assert.Equal(queries.Count, panels.Split(ofComponent).Length - 1);
        Assert.All(queries, query => Assert.Contains("let component = \"\";", query, StringComparison.Ordinal));
        Assert.All(queries, query => Assert.Contains("isempty(component) or _ResourceId ", query, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Resources_have_the_names_that_are_given()
    {
        var deployment = await PlannedDeployment.OfAsync(new(StringComparer.Ordinal)
        {
            ["FUNCCHAT_SIZE"] = "production",
            ["FUNCCHAT_DURABLE_BACKEND"] = "azureManaged",
            ["FUNCCHAT_AZURE_OPENAI_MODEL"] = "gpt-5-mini",
            ["FUNCCHAT_NAMES"] = """
                {"functionApp":"own-func","plan":"own-plan","storage":"ownstorage","vault":"own-vault","identity":"own-identity","page":"own-page",
                "workspace":"own-logs","appInsights":"own-insights","network":"own-network","openAi":"own-model","scheduler":"own-scheduler"}
                """,
        });
        var names = deployment.Resources.Select(resource => $"{resource["type"]} {resource["name"]}").ToList();

        Assert.Subset(
            names.ToHashSet(StringComparer.Ordinal),
            new HashSet<string>(StringComparer.Ordinal)
            {
                "Microsoft.Web/sites own-func", "Microsoft.Web/serverfarms own-plan", "Microsoft.Storage/storageAccounts ownstorage",
                "Microsoft.KeyVault/vaults own-vault", "Microsoft.ManagedIdentity/userAssignedIdentities own-identity", "Microsoft.Web/staticSites own-page",
                "Microsoft.OperationalInsights/workspaces own-logs", "Microsoft.Insights/components own-insights",
                "Microsoft.Network/virtualNetworks own-network", "Microsoft.CognitiveServices/accounts own-model", "Microsoft.DurableTask/schedulers own-scheduler",
            });
    }

    [Fact]
    public async Task Names_of_the_hook_are_those_of_the_template()
    {
        var names = (await CompiledTemplate.GetAsync()).Root["definitions"]!.AsObject().Single(definition => definition.Key.EndsWith("Names", StringComparison.Ordinal)).Value!;
        var hook = await File.ReadAllTextAsync(Repository.PathOf("infra", "hooks", "check-settings.mjs"));

        Assert.False(names["additionalProperties"]!.GetValue<bool>());
        var rules = hook.Split("const nameRules = {\n")[1].Split("};")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim().Split(':')[0]);
        Assert.Equal(names["properties"]!.AsObject().Select(name => name.Key), rules);
    }

    [Fact]
    public async Task Existing_model_account_is_called_by_a_role_on_it_and_no_other_is_deployed()
    {
        const string Account = "/subscriptions/00000000-0000-0000-0000-000000000009/resourceGroups/ai/providers/Microsoft.CognitiveServices/accounts/models";
        var deployment = await PlannedDeployment.OfAsync(new(StringComparer.Ordinal)
        {
            ["FUNCCHAT_SIZE"] = "production",
            ["FUNCCHAT_AZURE_OPENAI_ACCOUNT_ID"] = Account,
            ["FUNCCHAT_AZURE_OPENAI_MODEL"] = "chat,small",
        });
        var roles = deployment.OfType("Microsoft.Authorization/roleAssignments").Where(role => role["id"]!.GetValue<string>().Contains(Account, StringComparison.Ordinal));
        var settings = (await CompiledTemplate.GetAsync()).Root["resources"]!["settingsOfApp"]!["properties"]!["parameters"]!;

        Assert.Empty(deployment.OfType("Microsoft.CognitiveServices/accounts"));
        Assert.EndsWith("5e0bd9bd-7b93-4f28-af87-19fc36ad61bd", Assert.Single(roles)["properties"]!["roleDefinitionId"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(4, deployment.OfType("Microsoft.Network/privateEndpoints").Count());
        Assert.DoesNotContain("openai", deployment.OfType("Microsoft.Network/privateDnsZones").Select(zone => $"{zone["name"]}"), StringComparer.Ordinal);
        Assert.Contains("reference('existingOpenAi')", settings["azureOpenAiUrl"]!["value"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("parameters('azureOpenAi').model", settings["azureOpenAiModel"]!["value"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Domain_of_the_page_is_registered_and_may_call_the_api()
    {
        var deployment = await PlannedDeployment.GetOwnAsync();
        var domain = Assert.Single(deployment.OfType("Microsoft.Web/staticSites/customDomains"));

        Assert.EndsWith("/chat.example.com", domain["name"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("cname-delegation", domain["properties"]!["validationMethod"]!.GetValue<string>());
        Assert.Contains(
            "https://chat.example.com", deployment.Properties("Microsoft.Web/sites")["siteConfig"]!["cors"]!["allowedOrigins"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty((await PlannedDeployment.GetAsync("small")).OfType("Microsoft.Web/staticSites/customDomains"));
    }

    [Fact]
    public async Task Page_calls_the_domain_of_the_api_if_there_is_one_and_the_test_of_availability_does_not()
    {
        var template = (await CompiledTemplate.GetAsync()).Root;

        Assert.Equal(
            "[if(empty(parameters('network').apiDomain), reference('functionApp').outputs.url.value, format('https://{0}', parameters('network').apiDomain))]",
            template["outputs"]!["API_URL"]!["value"]!.GetValue<string>());
        Assert.Equal(
            "[reference('functionApp').outputs.url.value]",
            template["resources"]!["alerts"]!["properties"]!["parameters"]!["apiUrl"]!["value"]!.GetValue<string>());
        Assert.Equal(
            "[parameters('network').apiDomain]",
            template["resources"]!["settingsOfApp"]!["properties"]!["parameters"]!["apiDomain"]!["value"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("", "GlobalStandard")]
    [InlineData("Standard", "Standard")]
    public async Task Model_answers_where_it_is_asked_to(string type, string deployed)
    {
        var deployment = await PlannedDeployment.OfAsync(new(StringComparer.Ordinal) { ["FUNCCHAT_AZURE_OPENAI_MODEL"] = "gpt-5-mini", ["FUNCCHAT_AZURE_OPENAI_TYPE"] = type });

        Assert.Equal(deployed, Assert.Single(deployment.OfType("Microsoft.CognitiveServices/accounts/deployments"))["sku"]!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task Existing_network_and_dns_zones_are_used_when_they_are_named()
    {
        const string Network = "/subscriptions/0/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/spoke";
        const string Zones = "/subscriptions/0/resourceGroups/dns";
        var deployment = await PlannedDeployment.OfAsync(new(StringComparer.Ordinal)
        {
            ["FUNCCHAT_PRIVATE_NETWORK"] = "true",
            ["FUNCCHAT_APP_SUBNET_ID"] = $"{Network}/subnets/app",
            ["FUNCCHAT_ENDPOINT_SUBNET_ID"] = $"{Network}/subnets/endpoints",
            ["FUNCCHAT_DNS_ZONES_GROUP_ID"] = Zones,
        });
        var endpoints = deployment.OfType("Microsoft.Network/privateEndpoints").ToList();

        Assert.Empty(deployment.OfType("Microsoft.Network/virtualNetworks"));
        Assert.Empty(deployment.OfType("Microsoft.Network/privateDnsZones"));
        Assert.Empty(deployment.OfType("Microsoft.Network/privateDnsZones/virtualNetworkLinks"));
        Assert.Equal($"{Network}/subnets/app", deployment.Properties("Microsoft.Web/sites")["virtualNetworkSubnetId"]!.GetValue<string>());
        Assert.Equal(4, endpoints.Count);
        Assert.All(endpoints, endpoint => Assert.Equal($"{Network}/subnets/endpoints", endpoint["properties"]!["subnet"]!["id"]!.GetValue<string>()));
        Assert.All(
            deployment.OfType("Microsoft.Network/privateEndpoints/privateDnsZoneGroups"),
            group => Assert.Contains(
                Zones, group["properties"]!["privateDnsZoneConfigs"]![0]!["properties"]!["privateDnsZoneId"]!.GetValue<string>(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Existing_network_gets_dns_zones_when_none_are_named()
    {
        const string Network = "/subscriptions/0/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/spoke";
        var deployment = await PlannedDeployment.OfAsync(new(StringComparer.Ordinal)
        {
            ["FUNCCHAT_PRIVATE_NETWORK"] = "true",
            ["FUNCCHAT_APP_SUBNET_ID"] = $"{Network}/subnets/app",
            ["FUNCCHAT_ENDPOINT_SUBNET_ID"] = $"{Network}/subnets/endpoints",
        });
        var links = deployment.OfType("Microsoft.Network/privateDnsZones/virtualNetworkLinks").ToList();

        Assert.Equal(4, links.Count);
        Assert.All(links, link => Assert.Equal(Network, link["properties"]!["virtualNetwork"]!["id"]!.GetValue<string>()));
    }
}
