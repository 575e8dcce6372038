using System.Text.Json.Nodes;

namespace FuncChat.Tests.Infra;

/// <summary>The resources of both sizes: closed where they should be, and open only where asked.</summary>
public sealed class ResourceTests
{
    public static TheoryData<string> Sizes() => ["small", "production"];

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Storage_takes_no_shared_key_and_nothing_old_or_public(string size)
    {
        var storage = (await PlannedDeployment.GetAsync(size)).Properties("Microsoft.Storage/storageAccounts");

        Assert.False(storage["allowSharedKeyAccess"]!.GetValue<bool>());
        Assert.False(storage["allowBlobPublicAccess"]!.GetValue<bool>());
        Assert.True(storage["supportsHttpsTrafficOnly"]!.GetValue<bool>());
        Assert.Equal("TLS1_2", storage["minimumTlsVersion"]!.GetValue<string>());
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Container_is_not_public(string size) => Assert.All(
        (await PlannedDeployment.GetAsync(size)).OfType("Microsoft.Storage/storageAccounts/blobServices/containers"),
        container => Assert.Equal("None", container["properties"]!["publicAccess"]!.GetValue<string>()));

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Lifecycle_rule_expires_turns_and_never_the_package(string size)
    {
        var deployment = await PlannedDeployment.GetAsync(size);
        var policy = deployment.Properties("Microsoft.Storage/storageAccounts/managementPolicies");
        var definition = Assert.Single(policy["policy"]!["rules"]!.AsArray())!["definition"]!;
        var prefixes = definition["filters"]!["prefixMatch"]!.AsArray().Select(prefix => prefix!.GetValue<string>().TrimEnd('/'));
        var containers = deployment.OfType("Microsoft.Storage/storageAccounts/blobServices/containers").Select(NameOf);

        Assert.Equal(7, definition["actions"]!["baseBlob"]!["delete"]!["daysAfterModificationGreaterThan"]!.GetValue<int>());
        Assert.Equal(["app-package"], containers.Except(prefixes));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task App_takes_https_only_and_no_password(string size)
    {
        var deployment = await PlannedDeployment.GetAsync(size);
        var app = deployment.Properties("Microsoft.Web/sites");

        Assert.True(app["httpsOnly"]!.GetValue<bool>());
        Assert.Equal("1.2", app["siteConfig"]!["minTlsVersion"]!.GetValue<string>());
        Assert.Equal("1.2", app["siteConfig"]!["scmMinTlsVersion"]!.GetValue<string>());

        // Resource Manager rejects it for Flex Consumption, which has no FTP.
        Assert.Null(app["siteConfig"]!["ftpsState"]);
        Assert.Equal(
            ["ftp:false", "scm:false"],
            deployment.OfType("Microsoft.Web/sites/basicPublishingCredentialsPolicies")
                .Select(policy => $"{NameOf(policy)}:{policy["properties"]!["allow"]}"));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task App_fetches_its_package_by_identity(string size)
    {
        var app = (await PlannedDeployment.GetAsync(size)).Properties("Microsoft.Web/sites")["functionAppConfig"]!;

        Assert.Equal("UserAssignedIdentity", app["deployment"]!["storage"]!["authentication"]!["type"]!.GetValue<string>());
        Assert.Equal("""{"name":"dotnet-isolated","version":"10.0"}""", app["runtime"]!.ToJsonString());
    }

    [Theory]
    [InlineData("small", "[]")]
    [InlineData("production", """[{"name":"http","instanceCount":2},{"name":"durable","instanceCount":2}]""")]
    public async Task App_keeps_instances_ready_as_asked(string size, string ready)
    {
        var scale = (await PlannedDeployment.GetAsync(size)).Properties("Microsoft.Web/sites")["functionAppConfig"]!["scaleAndConcurrency"]!;

        Assert.Equal(ready, scale["alwaysReady"]!.ToJsonString());
        Assert.Equal(100, scale["triggers"]!["http"]!["perInstanceConcurrency"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("small", "false")]
    [InlineData("production", "true")]
    public async Task Plan_is_zone_redundant_as_asked_and_updates_let_running_requests_end(string size, string zones)
    {
        var deployment = await PlannedDeployment.GetAsync(size);
        var app = deployment.Properties("Microsoft.Web/sites")["functionAppConfig"]!;

        Assert.Equal(zones, deployment.Properties("Microsoft.Web/serverfarms")["zoneRedundant"]!.ToJsonString());
        Assert.Equal("""{"type":"RollingUpdate"}""", app["siteUpdateStrategy"]!.ToJsonString());
    }

    /// <summary>A machine outside can't write a key to the vault, and each run removes a subnet that the template does not have.</summary>
    [Fact]
    public async Task Private_network_has_a_subnet_for_machines_of_the_user()
    {
        var deployment = await PlannedDeployment.GetAsync("production");
        var subnets = deployment.Properties("Microsoft.Network/virtualNetworks")["subnets"]!.AsArray();

        Assert.Equal(
            [("app", "10.42.0.0/26"), ("endpoints", "10.42.0.64/27"), ("machines", "10.42.0.96/27")],
            subnets.Select(subnet => (subnet!["name"]!.GetValue<string>(), subnet["properties"]!["addressPrefix"]!.GetValue<string>())));
    }

    /// <summary>The rules that delete old turns are run by Azure itself.</summary>
    [Theory]
    [InlineData("small")]
    [InlineData("production")]
    public async Task Services_of_azure_reach_storage_by_their_roles(string size) =>
        Assert.Equal("AzureServices", (await PlannedDeployment.GetAsync(size)).Properties("Microsoft.Storage/storageAccounts")["networkAcls"]!["bypass"]!.GetValue<string>());

    [Fact]
    public async Task Private_network_has_an_address_for_every_instance()
    {
        var deployment = await PlannedDeployment.GetAsync("production");
        var subnet = deployment.Properties("Microsoft.Network/virtualNetworks")["subnets"]![0]!["properties"]!["addressPrefix"]!.GetValue<string>();
        var instances = deployment.Properties("Microsoft.Web/sites")["functionAppConfig"]!["scaleAndConcurrency"]!["maximumInstanceCount"]!.GetValue<int>();

        // Azure keeps five addresses of each subnet.
        Assert.InRange(instances, 1, (1 << (32 - int.Parse(subnet.Split('/')[1], System.Globalization.CultureInfo.InvariantCulture))) - 5);
    }

    [Theory]
    [InlineData("small", null, 7)]
    [InlineData("production", true, 90)]
    public async Task Vault_gives_access_by_role_and_is_protected_in_production(string size, bool? isProtected, int days)
    {
        var vault = (await PlannedDeployment.GetAsync(size)).Properties("Microsoft.KeyVault/vaults");

        Assert.True(vault["enableRbacAuthorization"]!.GetValue<bool>());
        Assert.True(vault["enableSoftDelete"]!.GetValue<bool>());
        Assert.Equal(isProtected, vault["enablePurgeProtection"]?.GetValue<bool>());
        Assert.Equal(days, vault["softDeleteRetentionInDays"]!.GetValue<int>());
        Assert.Null(vault["accessPolicies"]);
    }

    [Fact]
    public async Task Larger_size_keeps_what_vault_and_storage_never_change()
    {
        var deployment = await PlannedDeployment.OfAsync(new(StringComparer.Ordinal)
        {
            ["FUNCCHAT_SIZE"] = "production",
            ["FUNCCHAT_VAULT_DAYS"] = "7",
            ["FUNCCHAT_STORAGE_REDUNDANCY"] = "Standard_LRS",
        });

        Assert.Equal(7, deployment.Properties("Microsoft.KeyVault/vaults")["softDeleteRetentionInDays"]!.GetValue<int>());
        Assert.True(deployment.Properties("Microsoft.KeyVault/vaults")["enablePurgeProtection"]!.GetValue<bool>());
        Assert.Equal("Standard_LRS", Assert.Single(deployment.OfType("Microsoft.Storage/storageAccounts"))["sku"]!["name"]!.GetValue<string>());
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Telemetry_is_taken_by_identity_only(string size)
    {
        var deployment = await PlannedDeployment.GetAsync(size);

        Assert.True(deployment.Properties("Microsoft.Insights/components")["DisableLocalAuth"]!.GetValue<bool>());
        Assert.True(deployment.Properties("Microsoft.OperationalInsights/workspaces")["features"]!["disableLocalAuth"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("small", "Enabled", "Allow")]
    [InlineData("production", "Disabled", "Deny")]
    public async Task Public_access_is_as_asked(string size, string access, string others)
    {
        var deployment = await PlannedDeployment.GetAsync(size);

        foreach (var type in (string[])["Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults"])
        {
            Assert.Equal(access, deployment.Properties(type)["publicNetworkAccess"]!.GetValue<string>());
            Assert.Equal(others, deployment.Properties(type)["networkAcls"]!["defaultAction"]!.GetValue<string>());
        }
    }

    [Theory]
    [InlineData("small")]
    [InlineData("production", "account", "blob", "queue", "table", "vault")]
    public async Task Private_network_reaches_all_that_is_closed_to_others(string size, params string[] parts)
    {
        var reached = (await PlannedDeployment.GetAsync(size)).OfType("Microsoft.Network/privateEndpoints")
            .SelectMany(endpoint => endpoint["properties"]!["privateLinkServiceConnections"]!.AsArray())
            .Select(connection => connection!["name"]!.GetValue<string>());

        Assert.Equal(parts, reached.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("small", "Allow")]
    [InlineData("production", "Deny", "203.0.113.0/24", "ApplicationInsightsAvailability")]
    public async Task App_admits_only_the_allowed_callers(string size, string others, params string[] callers)
    {
        var app = (await PlannedDeployment.GetAsync(size)).Properties("Microsoft.Web/sites")["siteConfig"]!;

        Assert.Equal(others, app["ipSecurityRestrictionsDefaultAction"]!.GetValue<string>());
        Assert.Equal(callers, app["ipSecurityRestrictions"]!.AsArray().Select(rule => rule!["ipAddress"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Address_without_a_prefix_length_is_one_caller()
    {
        var deployment = await PlannedDeployment.OfAsync(new(StringComparer.Ordinal) { ["FUNCCHAT_ALLOWED_CALLERS"] = "203.0.113.7, 2001:db8::1, 2001:db8:1::/48" });
        var rules = deployment.Properties("Microsoft.Web/sites")["siteConfig"]!["ipSecurityRestrictions"]!.AsArray();

        Assert.Equal(["203.0.113.7/32", "2001:db8::1/128", "2001:db8:1::/48"], rules.Select(rule => rule!["ipAddress"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("small", 0)]
    [InlineData("production", 4)]
    public async Task Alerts_are_set_up_as_asked(string size, int alerts)
    {
        string[] types = ["Microsoft.Insights/scheduledQueryRules", "Microsoft.Insights/metricAlerts"];
        var deployment = await PlannedDeployment.GetAsync(size);

        Assert.Equal(alerts, types.SelectMany(deployment.OfType).Count());
    }

    [Fact]
    public async Task Small_size_has_alerts_when_they_are_asked_for() =>
        Assert.NotEmpty((await PlannedDeployment.OfAsync(new(StringComparer.Ordinal) { ["FUNCCHAT_ALERTS"] = "true" })).OfType("Microsoft.Insights/metricAlerts"));

    private static string NameOf(JsonObject resource) => resource["name"]!.GetValue<string>().Split('/')[^1];
}
