using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FuncChat.Tests.Architecture;
using FuncChat.Tests.Support;
using FuncChat.Tools.Configuration;

namespace FuncChat.Tests.Infra;

/// <summary>infra/hooks/check-settings.mjs: values that Azure or the app would refuse later, or that would have no effect.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class CheckedValueTests : IDisposable
{
    private static readonly Lazy<Task<JsonObject>> Defaults = new(() => SettingsHook.ParametersAsync([]));

    private readonly SettingsHook _hook = new();

    public void Dispose() => _hook.Dispose();

    [LinuxFact]
    public async Task One_of_the_two_existing_subnets_is_refused()
    {
        var run = await _hook.RunAsync(("FUNCCHAT_ALLOW_ANONYMOUS", "true"), ("FUNCCHAT_APP_SUBNET_ID", "/subscriptions/0"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("FUNCCHAT_ENDPOINT_SUBNET_ID must be set together", run.Errors, StringComparison.Ordinal);
    }

    [LinuxTheory]
    [InlineData("FUNCCHAT_NAMES", """{"functionapp":"func-chat"}""", "It has: functionApp, plan")]
    [InlineData("FUNCCHAT_NAMES", "func-chat", "must be a JSON object")]
    [InlineData("FUNCCHAT_AZURE_OPENAI_ACCOUNT_ID", "https://models.openai.azure.com", "az cognitiveservices account show")]
    [InlineData("FUNCCHAT_AZURE_OPENAI_ACCOUNT_ID", "/subscriptions/0/resourceGroups/ai/providers/Microsoft.CognitiveServices/accounts/models", "must name the deployments")]
    [InlineData("FUNCCHAT_PAGE_DOMAIN", "https://chat.example.com", "without a scheme")]
    [InlineData("FUNCCHAT_API_DOMAIN", "api.example.com/", "such as api.example.com")]
    [InlineData("FUNCCHAT_SIZE", "prod", "must be small or production, and is prod")]
    [InlineData("FUNCCHAT_DURABLE_BACKEND", "scheduler", "must be azureStorage or azureManaged")]
    [InlineData("FUNCCHAT_PROTECT_VAULT", "yes", "must be true or false")]
    [InlineData("FUNCCHAT_MAX_INSTANCES", "10", "must be a number from 40 to 1000")]
    [InlineData("FUNCCHAT_HTTP_CONCURRENCY", "1e3", "must be a number from 1 to 1000")]
    [InlineData("FUNCCHAT_AZURE_OPENAI_CAPACITY", "0", "must be a number of at least 1")]
    [InlineData("FUNCCHAT_MONTHLY_BUDGET", "50", "azd env set FUNCCHAT_BUDGET_START 20")]
    [InlineData("FUNCCHAT_MAX_TURN_DURATION", "01:10:00", "functionTimeout in host.json is 01:10:00")]
    [InlineData("FUNCCHAT_MAX_TURN_DURATION", "1.00:00:00", "functionTimeout in host.json is 01:10:00")]
    [InlineData("FUNCCHAT_MAX_TURN_DURATION", "an hour", "must be a duration")]
    [InlineData("FUNCCHAT_SETTINGS", """{"FuncChat__Turns__MaxDuration":"02:00:00"}""", "functionTimeout in host.json is 01:10:00")]
    [InlineData("FUNCCHAT_SETTINGS", """{"FuncChat__Turns__Retention":"30.00:00:00"}""", "azd env set FUNCCHAT_TURN_DAYS 30")]
    [InlineData("FUNCCHAT_SETTINGS", """{"FuncChat__Turns__Retention":"banana"}""", "FuncChat__Turns__Retention must be a duration (seconds, or hh:mm:ss) from 00:01:00")]
    [InlineData("FUNCCHAT_SETTINGS", """{"FuncChat__Turns__MaxPerUser":0}""", "FuncChat__Turns__MaxPerUser must be a whole number of at least 1. Example: 20")]
    [InlineData("FUNCCHAT_SETTINGS", """{"FuncChat__Turns__MaxPerUser":3000000000}""", "FuncChat__Turns__MaxPerUser must be a whole number of at least 1. Example: 20")]
    [InlineData("FUNCCHAT_SETTINGS", """{"FuncChat__Auth__ApiKey__bob":"5"}""", "FuncChat__Auth__ApiKey__bob is not a setting. Did you mean FuncChat__Auth__ApiKeys__<name>__Hash?")]
    [InlineData("FUNCCHAT_SETTINGS", """{"FuncChat__Turns__MaxPerUsr":"5"}""", "FuncChat__Turns__MaxPerUsr is not a setting. Did you mean FuncChat__Turns__MaxPerUser?")]
    [InlineData("FUNCCHAT_SETTINGS", """{"FuncChat:Turns:MaxPerUser":"5"}""", "Write __ in place of :")]
    [InlineData("FUNCCHAT_SETTINGS", """{"FuncChat__Turns__MaxPerUser":[5]}""", "FUNCCHAT_SETTINGS must have texts, numbers, true and false as its values, and FuncChat__Turns__MaxPerUser is none")]
    [InlineData("FUNCCHAT_SETTINGS", """{"FuncChat__Providers__mistral__Url":"api.mistral.ai/v1"}""", "FuncChat__Providers__mistral__Url must be an absolute http or https URL")]
    [InlineData("FUNCCHAT_SETTINGS", """{"FuncChat__Providers__mistral__Auth":"Key Vault"}""", "FuncChat__Providers__mistral__Auth must be key or entra")]
    [InlineData("FUNCCHAT_SETTINGS", """{"FuncChat__Auth__ApiKeys__ci__Hash":"fchat_1"}""", "FuncChat__Auth__ApiKeys__ci__Hash must be the SHA-256 of a key")]
    [InlineData("FUNCCHAT_SETTINGS", """{"GOOGLE_CLIENT_ID":"1234-abc.apps.googleusercontent.com"}""", "FUNCCHAT_ALLOW_ANONYMOUS is true, but a sign-in or an API key is set as well")]
    [InlineData("FUNCCHAT_SETTINGS", """{"funcchat__auth__allowanonymous":"true"}""", "FUNCCHAT_ALLOW_ANONYMOUS and funcchat__auth__allowanonymous are the same setting: set it once")]
    [InlineData("FUNCCHAT_SETTINGS", """{"OPENAI_MODELS":"a","openai_models":"b"}""", "OPENAI_MODELS and openai_models are the same setting: set it once")]
    [InlineData("FUNCCHAT_GOOGLE_CLIENT_ID", "1234-abc.apps.googleusercontent.com", "FUNCCHAT_ALLOW_ANONYMOUS is true, but a sign-in or an API key is set as well")]
    [InlineData("FUNCCHAT_ENTRA_TENANT_ID", "common", "FUNCCHAT_ENTRA_TENANT_ID must be the id of one tenant")]
    [InlineData("FUNCCHAT_ALLOWED_EMAILS", "ada@example.com;bob@example.com", "FUNCCHAT_ALLOWED_EMAILS must be addresses separated by commas")]
    [InlineData("FUNCCHAT_OPENAI_MODELS", ",", "FUNCCHAT_OPENAI_MODELS must name models")]
    [InlineData("FUNCCHAT_OPENAI_MODELS", "gpt-4o;gpt-5", "FUNCCHAT_OPENAI_MODELS must name models, separated by commas, without ; or quotes.")]
    [InlineData("FUNCCHAT_SETTINGS", """{"FuncChat__Providers__x__Models__0":"'a'"}""", "FuncChat__Providers__x__Models__0 must name models")]
    [InlineData("FUNCCHAT_STORE_INTERVAL", "banana", "FUNCCHAT_STORE_INTERVAL must be a duration (seconds, or hh:mm:ss) from 00:00:00.01 to 00:00:10")]
    [InlineData("FUNCCHAT_STORE_INTERVAL", "00:01:00", "FUNCCHAT_STORE_INTERVAL must be a duration (seconds, or hh:mm:ss) from 00:00:00.01 to 00:00:10")]
    [InlineData("FUNCCHAT_OTHER_ORIGINS", "https://a.example.com,https://Chat.Example.com/", "FUNCCHAT_OTHER_ORIGINS must be exact origins as browsers send them, without a path or *, separated by commas. Example: https://chat.example.com")]
    [InlineData("FUNCCHAT_OTHER_ORIGINS", "*", "FUNCCHAT_OTHER_ORIGINS must be exact origins")]
    [InlineData("FUNCCHAT_OTHER_ORIGINS", "chat.example.com", "FUNCCHAT_OTHER_ORIGINS must be exact origins")]
    [InlineData("FUNCCHAT_ALLOWED_CALLERS", "203.0.113.0/33", "FUNCCHAT_ALLOWED_CALLERS must be address ranges")]
    [InlineData("FUNCCHAT_ALLOWED_CALLERS", "gateway.example.com", "FUNCCHAT_ALLOWED_CALLERS must be address ranges")]
    [InlineData("FUNCCHAT_AZURE_OPENAI_MODEL", "gpt-5,gpt-5-mini", "FUNCCHAT_AZURE_OPENAI_MODEL must be the name of one model to deploy")]
    [InlineData("FUNCCHAT_WORKSPACE_ID", "central", "FUNCCHAT_WORKSPACE_ID must be the resource id of a workspace")]
    [InlineData("FUNCCHAT_RESOURCE_GROUP", "/subscriptions/0/resourceGroups/chat", "FUNCCHAT_RESOURCE_GROUP must be the name of a resource group")]
    [InlineData("FUNCCHAT_ALERT_EMAIL", "operator", "FUNCCHAT_ALERT_EMAIL must be one address")]
    [InlineData("FUNCCHAT_PAGE_LOCATION", "swedencentral", "FUNCCHAT_PAGE_LOCATION must be centralus or eastasia")]
    [InlineData("FUNCCHAT_PAGE_DOMAIN", "Chat.Example.com", "FUNCCHAT_PAGE_DOMAIN must be a domain in lowercase")]
    [InlineData("FUNCCHAT_ALWAYS_READY_HTTP", "41", "FUNCCHAT_ALWAYS_READY_HTTP must be a number from 0 to 40")]
    [InlineData("FUNCCHAT_NAMES", """{"storage":"chat-state"}""", """FUNCCHAT_NAMES has a name for storage that Azure does not allow. Example: {"storage":"chatstate"}""")]
    [InlineData("FUNCCHAT_NAMES", """{"vault":"a-name-that-is-longer-than-24"}""", "FUNCCHAT_NAMES has a name for vault that Azure does not allow")]
    [InlineData("FUNCCHAT_NAMES", """{"page":""}""", "FUNCCHAT_NAMES has a name for page that Azure does not allow")]
    [InlineData("FUNCCHAT_TAGS", """{"cost-center":42}""", "FUNCCHAT_TAGS must have texts as its values, and cost-center is none")]
    [InlineData("FUNCCHAT_TAGS", """{"a/b":"42"}""", "FUNCCHAT_TAGS must have names of up to 128 characters without")]
    [InlineData("FUNCCHAT_VAULT_DAYS", "1", "FUNCCHAT_VAULT_DAYS must be a number from 7 to 90")]
    [InlineData("FUNCCHAT_STORAGE_REDUNDANCY", "ZRS", "FUNCCHAT_STORAGE_REDUNDANCY must be Standard_LRS or Standard_ZRS")]
    [InlineData("FUNCCHAT_NETWORK_ADDRESSES", "10.43.0.0/24", "FUNCCHAT_NETWORK_ADDRESSES would have no effect without a private network")]
    [InlineData("AZURE_ENV_NAME", "an-environment-whose-name-is-too-long-for-it", "AZURE_ENV_NAME must have up to 40 letters")]
    [InlineData("OPENAI_API_KEY", "sk 1", "OPENAI_API_KEY contains what no key has")]
    [InlineData("OPENAI_API_KEY", "akvs://sub/vault/secret", "OPENAI_API_KEY must be the key itself, and is a reference to one")]
    [InlineData("BRAVE_API_KEY", "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/s)", "azd env set BRAVE_API_KEY \"\"")]
    [InlineData("FUNCCHAT_AZURE_OPENAI_TYPE", "Global", "FUNCCHAT_AZURE_OPENAI_TYPE must be GlobalStandard or DataZoneStandard or Standard")]
    [InlineData("OPENAI_API_KEY", "\"sk-1\"", "OPENAI_API_KEY contains what no key has, such as a space, a line break or quotes around it")]
    [InlineData("FUNCCHAT_SETTINGS", """{"TAVILY_API_KEY":"'tvly-1'"}""", "TAVILY_API_KEY contains what no key has, such as a space, a line break or quotes around it")]
    [InlineData("FUNCCHAT_SETTINGS", """{"FuncChat__Providers__x__ApiKey":"'k'"}""", "FuncChat__Providers__x__ApiKey contains what no key has")]
    [InlineData("FUNCCHAT_DEVELOPER_ID", "ada@example.com", "az ad signed-in-user show")]
    [InlineData("FUNCCHAT_ALLOWED_CALLER", "203.0.113.0/24", "FUNCCHAT_ALLOWED_CALLER has no effect. Did you mean FUNCCHAT_ALLOWED_CALLERS?")]
    [InlineData("FUNCCHAT_PRIVATE_NETWROK", "true", "FUNCCHAT_PRIVATE_NETWROK has no effect. Did you mean FUNCCHAT_PRIVATE_NETWORK?")]
    [InlineData("FUNCCHAT_SETTINGS", """{"funcchat__turns__retention":"30.00:00:00"}""", "azd env set FUNCCHAT_TURN_DAYS 30")]
    [InlineData("FUNCCHAT_SETTINGS", """{"FUNCCHAT__TURNS__MAXDURATION":"02:00:00"}""", "A turn may take 02:00:00, but functionTimeout in host.json is 01:10:00")]
    [InlineData("FUNCCHAT_SETTINGS", """{"AzureFunctionsJobHost__functionTimeout":"00:30:00"}""", "A turn may take 01:00:00, but AzureFunctionsJobHost__functionTimeout is 00:30:00")]
    [InlineData("FUNCCHAT_SETTINGS", """{"AzureFunctionsJobHost__functionTimeout":"7200"}""", "AzureFunctionsJobHost__functionTimeout must be hh:mm:ss")]
    [InlineData("FUNCCHAT_SETTINGS", """{"AzureFunctionsJobHost__functionTimeout":"24:00:00","FuncChat__Turns__MaxDuration":"23:00:00"}""", "AzureFunctionsJobHost__functionTimeout must be hh:mm:ss")]
    [InlineData("FUNCCHAT_SETTINGS", """{"AzureFunctionsJobHost__functionTimeout":"01:99:00"}""", "AzureFunctionsJobHost__functionTimeout must be hh:mm:ss")]
    [InlineData("FUNCCHAT_MAX_TURN_DURATION", "02:00:00", "Lower FUNCCHAT_MAX_TURN_DURATION, or raise functionTimeout in host.json.")]
    [InlineData("FUNCCHAT_SETTINGS", """{"funcchat__turns__maxduration":"02:00:00"}""", "Lower funcchat__turns__maxduration in FUNCCHAT_SETTINGS, or raise functionTimeout in host.json.")]
    [InlineData("FUNCCHAT_SETTINGS", """{"AzureFunctionsJobHost__FunctionTimeout":"00:30:00"}""", "Lower FUNCCHAT_MAX_TURN_DURATION, or raise AzureFunctionsJobHost__FunctionTimeout.")]
    [InlineData("FUNCCHAT_SETTINGS", """{"FUNCTIONS_REQUEST_BODY_SIZE_LIMIT":"abc","FuncChat__Files__MaxFileBytes":104857600}""", "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT must be a number of bytes, such as 22020096.")]
    [InlineData("FUNCCHAT_SETTINGS", """{"FUNCTIONS_REQUEST_BODY_SIZE_LIMIT":"1e9"}""", "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT must be a number of bytes")]
    [InlineData("FUNCCHAT_SETTINGS", """{"functions_request_body_size_limit":"21 MiB"}""", "functions_request_body_size_limit must be a number of bytes")]
    [InlineData("FUNCCHAT_SETTINGS", """{"FuncChat__Files__MaxFileBytes":104857600}""", "FuncChat__Files__MaxFileBytes is 104857600. Lower it, or set FUNCTIONS_REQUEST_BODY_SIZE_LIMIT in FUNCCHAT_SETTINGS to at least 105381888")]
    [InlineData("FUNCCHAT_SETTINGS", """{"funcchat__requests__maxbodybytes":"22020096"}""", "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT, 22020096 bytes, and FuncChat__Requests__MaxBodyBytes is 22020096")]
    [InlineData("FUNCCHAT_SETTINGS", """{"FUNCTIONS_REQUEST_BODY_SIZE_LIMIT":10000000}""", "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT, 10000000 bytes, and FuncChat__Files__MaxFileBytes is 20971520")]
    public async Task Invalid_value_is_refused_before_anything_is_created(string name, string value, string expected)
    {
        var run = await _hook.RunAsync((name, value), ("FUNCCHAT_ALLOW_ANONYMOUS", "true"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
    }

    [LinuxTheory]
    [InlineData("60", null, "room for 59 instances")]
    [InlineData(null, "10.42.0.0/25", "at least a /24")]
    [InlineData(null, "10.42.0.0", "at least a /24")]
    [InlineData(null, "10.42.0.300/24", "at least a /24")]
    [InlineData(null, "10.42.0.7/24", "must begin at an address that a /24 can begin at")]
    public async Task Private_network_without_an_address_for_every_instance_is_refused(string? instances, string? addresses, string expected)
    {
        var run = await _hook.RunAsync(
            ("FUNCCHAT_ALLOW_ANONYMOUS", "true"), ("FUNCCHAT_PRIVATE_NETWORK", "true"),
            ("FUNCCHAT_MAX_INSTANCES", instances), ("FUNCCHAT_NETWORK_ADDRESSES", addresses));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task Values_within_the_limits_pass()
    {
        await _hook.StubAzAsync("echo Registered");

        Assert.Equal(new ProgramRun(0, "", ""), await _hook.RunAsync(
            ("FUNCCHAT_ALLOW_ANONYMOUS", "true"), ("FUNCCHAT_SIZE", "production"), ("FUNCCHAT_MAX_INSTANCES", "250"), ("FUNCCHAT_NETWORK_ADDRESSES", "10.42.0.0/22"),
            ("FUNCCHAT_MONTHLY_BUDGET", "50"), ("FUNCCHAT_BUDGET_START", "2027-01-01"), ("FUNCCHAT_MAX_TURN_DURATION", "3600"), ("FUNCCHAT_TURN_DAYS", "30"),
            ("FUNCCHAT_SETTINGS", """{"FuncChat__Turns__Retention":"30.00:00:00"}"""), ("FUNCCHAT_DEVELOPER_ID", "00000000-0000-0000-0000-000000000002")));
    }

    [LinuxFact]
    public async Task Settings_that_are_no_json_object_are_refused()
    {
        var run = await _hook.RunAsync(("FUNCCHAT_ALLOW_ANONYMOUS", "true"), ("FUNCCHAT_SETTINGS", "OPENAI_MODELS=gpt-5"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("FUNCCHAT_SETTINGS must be a JSON object", run.Errors, StringComparison.Ordinal);
    }

    [LinuxTheory]
    [InlineData("FUNCCHAT_APP_SUBNET_ID", "/subscriptions/0/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/spoke/subnets/app")]
    [InlineData("FUNCCHAT_DNS_ZONES_GROUP_ID", "/subscriptions/0/resourceGroups/dns")]
    public async Task Setting_of_the_private_network_is_refused_without_one(string name, string value)
    {
        var run = await _hook.RunAsync(("FUNCCHAT_ALLOW_ANONYMOUS", "true"), (name, value));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{name} would have no effect without a private network: azd env set FUNCCHAT_PRIVATE_NETWORK true", run.Errors, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task Existing_dns_zones_without_the_network_that_they_are_linked_to_are_refused()
    {
        var run = await _hook.RunAsync(
            ("FUNCCHAT_ALLOW_ANONYMOUS", "true"), ("FUNCCHAT_PRIVATE_NETWORK", "true"), ("FUNCCHAT_DNS_ZONES_GROUP_ID", "/subscriptions/0/resourceGroups/dns"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("FUNCCHAT_DNS_ZONES_GROUP_ID needs the network that its zones are linked to", run.Errors, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task One_subnet_for_both_purposes_is_refused()
    {
        const string Subnet = "/subscriptions/0/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/spoke/subnets/app";
        var run = await _hook.RunAsync(
            ("FUNCCHAT_ALLOW_ANONYMOUS", "true"), ("FUNCCHAT_PRIVATE_NETWORK", "true"), ("FUNCCHAT_APP_SUBNET_ID", Subnet), ("FUNCCHAT_ENDPOINT_SUBNET_ID", Subnet));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("must be two subnets", run.Errors, StringComparison.Ordinal);
    }

    [LinuxTheory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task Blank_value_counts_as_not_set(string blank)
    {
        var read = File.ReadAllText(Path.Combine(BicepCli.Infra, "main.bicepparam")).Split("readEnvironmentVariable('").Skip(1).Select(rest => rest.Split('\'')[0])
            .Where(name => name is not ("AZURE_ENV_NAME" or "AZURE_LOCATION" or "FUNCCHAT_ALLOW_ANONYMOUS")).Distinct().ToList();
        var variables = read.ToDictionary(name => name, _ => (string?)blank, StringComparer.Ordinal);

        Assert.True(read.Count > 40);
        Assert.Equal(new ProgramRun(0, "", ""), await _hook.RunAsync([("FUNCCHAT_ALLOW_ANONYMOUS", "true"), .. read.Select(name => (name, (string?)blank))]));
        Assert.Equal((await Defaults.Value).ToJsonString(), (await SettingsHook.ParametersAsync(variables)).ToJsonString());
    }

    [LinuxFact]
    public async Task Spaces_around_values_and_entries_are_accepted_and_removed()
    {
        Dictionary<string, string?> variables = new(StringComparer.Ordinal)
        {
            ["FUNCCHAT_OTHER_ORIGINS"] = " https://a.example.com , https://b.example.com:8443,",
            ["FUNCCHAT_ALLOWED_CALLERS"] = " 203.0.113.0/24, 2001:db8::1 ",
            ["FUNCCHAT_ALLOW_ANONYMOUS"] = " true ",
            ["FUNCCHAT_MAX_INSTANCES"] = "100 ",
        };
        var parameters = await SettingsHook.ParametersAsync(variables);

        Assert.Equal(new ProgramRun(0, "", ""), await _hook.RunAsync([.. variables.Select(variable => (variable.Key, variable.Value))]));
        Assert.Equal("""["https://a.example.com","https://b.example.com:8443"]""", parameters["network"]!["value"]!["otherOrigins"]!.ToJsonString());
        Assert.Equal("""["203.0.113.0/24","2001:db8::1"]""", parameters["network"]!["value"]!["allowedCallers"]!.ToJsonString());
        Assert.Equal("true", parameters["settings"]!["value"]!["FuncChat__Auth__AllowAnonymous"]!.GetValue<string>());
        Assert.Equal(100, parameters["scale"]!["value"]!["maximumInstances"]!.GetValue<int>());
    }

    [LinuxFact]
    public async Task Numbers_true_and_false_are_settings_too()
    {
        const string Settings = """{"FuncChat__Turns__MaxPerUser":5,"FuncChat__Auth__AllowAnonymous":true,"FuncChat__Turns__Heartbeat":2.5,"FuncChat__DefaultModel":null}""";
        var parameters = await SettingsHook.ParametersAsync(new(StringComparer.Ordinal) { ["FUNCCHAT_SETTINGS"] = Settings });

        Assert.Equal(new ProgramRun(0, "", ""), await _hook.RunAsync(("FUNCCHAT_SETTINGS", Settings)));
        Assert.Equal("5", parameters["settings"]!["value"]!["FuncChat__Turns__MaxPerUser"]!.GetValue<string>());
        Assert.Equal("true", parameters["settings"]!["value"]!["FuncChat__Auth__AllowAnonymous"]!.GetValue<string>());
        Assert.Equal("2.5", parameters["settings"]!["value"]!["FuncChat__Turns__Heartbeat"]!.GetValue<string>());
        Assert.Equal("", parameters["settings"]!["value"]!["FuncChat__DefaultModel"]!.GetValue<string>());
    }

    [LinuxFact]
    public async Task Every_default_of_the_app_passes_and_every_wrong_type_is_refused()
    {
        var rules = CodeSettings.Rules().Where(rule => rule.Property is { } setting && !setting.IsList && !rule.Name.Contains('<', StringComparison.Ordinal)).ToList();
        var defaults = rules.Select(rule => (rule.Name, Value: SettingText.Of(rule.Property!.Property.GetValue(Activator.CreateInstance(rule.Property.Property.DeclaringType!, nonPublic: true)))))
            .ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal);
        var typed = rules.Where(rule => rule.Property!.Property.PropertyType != typeof(string)).Select(rule => rule.Name).ToList();
        defaults["FuncChat__Auth__AllowAnonymous"] = "true";
        defaults["FuncChat__Turns__Retention"] = "7.00:00:00";

        Assert.Equal(new ProgramRun(0, "", ""), await _hook.RunAsync(("FUNCCHAT_SETTINGS", JsonSerializer.Serialize(defaults))));
        var run = await _hook.RunAsync(("FUNCCHAT_SETTINGS", JsonSerializer.Serialize(typed.ToDictionary(name => name, _ => "banana", StringComparer.Ordinal))));

        Assert.NotEmpty(typed);
        Assert.All(typed, name => Assert.Contains($"{name} must be ", run.Errors, StringComparison.Ordinal));
    }

    [LinuxTheory]
    [InlineData("""{"AzureFunctionsJobHost__functionTimeout":"02:30:00","FuncChat__Turns__MaxDuration":"02:00:00"}""")]
    [InlineData("""{"AzureFunctionsJobHost__functionTimeout":"-1","FuncChat__Turns__MaxDuration":"02:00:00"}""")]
    [InlineData("""{"FUNCTIONS_REQUEST_BODY_SIZE_LIMIT":40000000,"FuncChat__Files__MaxFileBytes":30000000}""")]
    public async Task Value_within_a_limit_that_is_raised_with_it_passes(string settings) =>
        Assert.Equal(new ProgramRun(0, "", ""), await _hook.RunAsync(("FUNCCHAT_ALLOW_ANONYMOUS", "true"), ("FUNCCHAT_SETTINGS", settings)));

    [LinuxFact]
    public async Task Variables_of_the_examples_and_tests_and_of_the_app_pass() =>
        Assert.Equal(new ProgramRun(0, "", ""), await _hook.RunAsync(
            ("FUNCCHAT_ALLOW_ANONYMOUS", "true"), ("FUNCCHAT_URL", "http://127.0.0.1:7071"), ("FUNCCHAT_API_KEY", "k"), ("FUNCCHAT_NIGHTLY", "1"), ("FuncChat__Demo__WordDelay", "0")));

    [LinuxFact]
    public async Task Issuer_that_the_page_does_not_connect_to_is_reported()
    {
        const string Settings = """{"FuncChat__Auth__Providers__own__Authority":"https://id.example.com/realm","FuncChat__Auth__Providers__own__Audience":"page"}""";
        var run = await _hook.RunAsync(("FUNCCHAT_ALLOWED_EMAILS", "ada@example.com"), ("FUNCCHAT_SETTINGS", Settings));

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("FuncChat__Auth__Providers__own__Authority, add https://id.example.com to signIn there", run.Output, StringComparison.Ordinal);
    }

    [LinuxTheory]
    [InlineData("FuncChat__Providers__mistral__ApiKey")]
    [InlineData("FuncChat__Mcp__Servers__x__Headers__Authorization")]
    [InlineData("FuncChat__OpenApi__o__Headers__X-Api-Key")]
    [InlineData("FuncChat__Mcp__Servers__x__Env__TOKEN")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS")]
    public async Task Key_among_the_settings_is_reported_and_never_shown(string name)
    {
        var run = await _hook.RunAsync(("FUNCCHAT_ALLOW_ANONYMOUS", "true"), ("FUNCCHAT_SETTINGS", $$"""{"{{name}}":"canary-1"}"""));

        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"FUNCCHAT_SETTINGS has {name}, ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-1", run.Output + run.Errors, StringComparison.Ordinal);
    }

    [LinuxTheory]
    [InlineData("FuncChat__Providers__my-llm__Url", "http://localhost:1/v1", "may refuse or change FuncChat__Providers__my-llm__Url. A secret of the vault may have such a name: FuncChat--Providers--my-llm--Url.")]
    [InlineData("Other.Program", "x", "may refuse or change Other.Program.\n")]
    public async Task Name_that_a_setting_can_not_have_in_azure_is_reported(string name, string value, string expected)
    {
        var run = await _hook.RunAsync(("FUNCCHAT_ALLOW_ANONYMOUS", "true"), ("FUNCCHAT_SETTINGS", $$"""{"{{name}}":"{{value}}"}"""));

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains(expected, run.Output, StringComparison.Ordinal);
    }

    [LinuxTheory]
    [InlineData("OPENAI_MODELS", "OPENAI_MODELS has no effect here: its variable is FUNCCHAT_OPENAI_MODELS.")]
    [InlineData("FuncChat__Turns__MaxPerUser", """azd env set FUNCCHAT_SETTINGS '{"FuncChat__Turns__MaxPerUser":"…"}'""")]
    [InlineData("OPENAI_KEY", "OPENAI_KEY is not a setting. Did you mean OPENAI_API_KEY?")]
    [InlineData("GOOGLE_CLIENTID", "GOOGLE_CLIENTID is not a setting. Did you mean FUNCCHAT_GOOGLE_CLIENT_ID?")]
    [InlineData("KEY_VAULT_URI", "")]
    [InlineData("SERVICE_WEB_ENDPOINTS", "")]
    public async Task Setting_by_the_name_that_it_has_in_the_app_is_reported(string name, string expected)
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(Path.Combine(folder.Path, "infra"), BicepCli.Infra);
        var environment = Directory.CreateDirectory(Path.Combine(folder.Path, ".azure", "my-chat")).FullName;
        await File.WriteAllTextAsync(Path.Combine(environment, ".env"), $"AZURE_ENV_NAME=\"my-chat\"\n{name}=\"canary-1\"\n");
        using var hook = new SettingsHook { WorkingFolder = folder.Path };

        var run = await hook.RunAsync(("AZURE_ENV_NAME", "my-chat"), ("FUNCCHAT_ALLOW_ANONYMOUS", "true"), (name, "canary-1"));

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.EndsWith(expected, run.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(expected.Length == 0, run.Output.Length == 0);
        Assert.DoesNotContain("canary-1", run.Output, StringComparison.Ordinal);
    }

    [LinuxTheory]
    [InlineData("OPENAI_MODEL", "OPENAI_MODEL is not a setting. Did you mean OPENAI_MODELS?")]
    [InlineData("FuncChat__ServePage", "FUNCCHAT_SETTINGS has FuncChat__ServePage, which only FuncChat.Local reads")]
    [InlineData("FuncChat__Mcp__Servers__x__Command", "FUNCCHAT_SETTINGS has FuncChat__Mcp__Servers__x__Command, which only FuncChat.Local reads")]
    [InlineData("FuncChat__Cors__Origins", "Set FUNCCHAT_OTHER_ORIGINS, which adds to both.")]
    public async Task Setting_without_an_effect_in_azure_is_reported(string name, string expected)
    {
        var run = await _hook.RunAsync(("FUNCCHAT_ALLOW_ANONYMOUS", "true"), ("FUNCCHAT_SETTINGS", $$"""{"{{name}}":"https://chat.example.com"}"""));

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains(expected, run.Output, StringComparison.Ordinal);
    }

    [LinuxTheory]
    [InlineData("FUNCCHAT_ALERT_EMAIL", "operator@example.com", "azd env set FUNCCHAT_ALERTS true")]
    [InlineData("FUNCCHAT_AZURE_OPENAI_VERSION", "2026-01-01", "No model is deployed, so these have no effect: FUNCCHAT_AZURE_OPENAI_VERSION.")]
    public async Task Value_without_an_effect_is_reported(string name, string value, string expected)
    {
        var run = await _hook.RunAsync(("FUNCCHAT_ALLOW_ANONYMOUS", "true"), (name, value));

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(expected, run.Output, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void Hook_reads_the_variables_of_the_settings_that_the_parameters_read()
    {
        var parameters = SettingOfVariable().Matches(File.ReadAllText(Path.Combine(BicepCli.Infra, "main.bicepparam"))).Select(match => $"{match.Groups["setting"]} {match.Groups["variable"]}");
        var hook = File.ReadAllText(Path.Combine(BicepCli.Infra, "hooks", "check-settings.mjs")).Split("const variableOf = {\n")[1].Split("};")[0]
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Replace(":", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal).Trim().TrimEnd(','));

        Assert.Equal(parameters, hook);
    }

    [GeneratedRegex(@"^ {6}(?<setting>\w+): trim\(readEnvironmentVariable\('(?<variable>\w+)', ''\)\)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SettingOfVariable();
}
