using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FuncChat.Azure.Secrets;
using FuncChat.Tests.Architecture;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Infra;

/// <summary>Every setting of the template is read, and every required setting is in the template.</summary>
public sealed partial class AppSettingsTests
{
    // Read by the Functions host itself.
    private static readonly string[] ReadByTheHost =
    [
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "AzureWebJobsDisableHomepage",
        "AzureWebJobsStorage__blobServiceUri",
        "AzureWebJobsStorage__clientId",
        "AzureWebJobsStorage__credential",
        "AzureWebJobsStorage__queueServiceUri",
        "AzureWebJobsStorage__tableServiceUri",
        "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT",
    ];

    // Have no default in the code, yet are good unset; main.bicepparam's `settings` takes them, and all that have a default.
    private static readonly string[] LeftToTheOperator =
    [
        "ALLOWED_EMAILS",
        "AZURE_CLIENT_ID",
        "AllowedHosts",
        "AzureFunctionsJobHost__functionTimeout",
        "ENTRA_ALLOWED_GROUPS",
        "ENTRA_ALLOWED_ROLES",
        "ENTRA_CLIENT_ID",
        "ENTRA_TENANT_ID",
        "FuncChat__Auth__AllowAnonymous",
        "FuncChat__Auth__ApiKeys__<name>__Hash",
        "FuncChat__Auth__ApiKeys__<name>__UserHeader",
        "FuncChat__Auth__Providers__<name>__Audience",
        "FuncChat__Auth__Providers__<name>__Authority",
        "FuncChat__Cors__Origins",
        "FuncChat__DefaultModel",
        "FuncChat__Demo__WordDelay",
        "FuncChat__Prices__<name>__CacheWrite",
        "FuncChat__Prices__<name>__CachedInput",
        "FuncChat__Prices__<name>__Input",
        "FuncChat__Prices__<name>__MaxOutput",
        "FuncChat__Prices__<name>__Model",
        "FuncChat__Prices__<name>__Output",
        "FuncChat__Prices__Currency",
        "FuncChat__ServePage",
        "FuncChat__Threads__TitleModel",
        "FuncChat__TurnLog__BlobServiceUri",
        "FuncChat__TurnLog__ClientId",
        "FuncChat__TurnLog__ConnectionString",
        "FuncChat__Usage__ClientId",
        "FuncChat__Usage__ConnectionString",
        "FuncChat__Usage__TableServiceUri",
        "FuncChat__Web__AllowedPrivateHosts",
        "GOOGLE_CLIENT_ID",
        "MAX_TOOL_ITERATIONS",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT",
        "SEARXNG_URL",
    ];

    [Fact]
    public async Task Every_setting_that_is_set_is_read()
    {
        var read = CodeSettings.All().Select(setting => setting.Name).Concat(ReadByTheHost).Concat(NamedByHostJson());

        Assert.Empty((await SetAsync()).Except(read));
    }

    [Fact]
    public async Task Every_setting_that_is_read_is_set_or_good_unset()
    {
        var needed = CodeSettings.All().Where(setting => setting.Default is null && !IsKey(setting.Name)).Select(setting => setting.Name).Concat(NamedByHostJson());

        Assert.Empty(needed.Where(name => !IsOfNamedEntry(name)).Except(LeftToTheOperator).Except(await SetAsync()));
    }

    [Fact]
    public void Setting_left_to_the_operator_is_one_that_the_code_reads() =>
        Assert.Empty(LeftToTheOperator.Except(CodeSettings.All().Select(setting => setting.Name)));

    [Fact]
    public async Task Key_is_never_a_setting_but_in_the_vault() =>
        Assert.DoesNotContain(await SetAsync(), name => IsKey(name));

    [Fact]
    public async Task Secret_that_is_written_is_a_setting_that_is_read()
    {
        var vault = (await CompiledTemplate.GetAsync()).Root["resources"]!["vault"]!["properties"]!["parameters"]!;
        var names = vault["secretNames"]!["value"]!.AsArray().Select(name => name!.GetValue<string>()).ToList();

        Assert.NotEmpty(names);
        Assert.Equal(names, vault["secrets"]!["value"]!.AsObject().Select(secret => secret.Key));
        Assert.Empty(names.Select(SecretName.SettingOf).Except(CodeSettings.All().Select(setting => setting.Name)));
    }

    [Fact]
    public async Task App_gets_the_settings_and_nothing_else()
    {
        var app = (await CompiledTemplate.GetAsync()).All.Single(module => module.Name == "main/functionApp").Template["resources"]!;

        Assert.Equal("[parameters('settings')]", app["app::appSettings"]!["properties"]!.GetValue<string>());
        Assert.Null(app["app"]!["properties"]!["siteConfig"]!["appSettings"]);
    }

    [Fact]
    public async Task Durable_backend_is_the_one_of_host_json()
    {
        var host = JsonNode.Parse(await File.ReadAllTextAsync(Repository.PathOf("host.json")))!;
        var backend = host["extensions"]?["durableTask"]?["storageProvider"]?["type"]?.GetValue<string>() ?? "azureStorage";
        var parameters = await File.ReadAllTextAsync(Path.Combine(BicepCli.Infra, "main.bicepparam"));

        Assert.Contains($"readEnvironmentVariable('FUNCCHAT_DURABLE_BACKEND', ''), '{backend}')", parameters, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("maxConcurrentActivityFunctions")]
    [InlineData("maxConcurrentOrchestratorFunctions")]
    [InlineData("tracing")]
    public async Task Scheduler_keeps_what_does_not_depend_on_the_backend(string name)
    {
        var host = JsonNode.Parse(await File.ReadAllTextAsync(Repository.PathOf("host.json")))!;
        var scheduler = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(BicepCli.Infra, "durable-task-scheduler.json")))!;

        Assert.NotNull(host["extensions"]!["durableTask"]![name]);
        Assert.Equal(host["extensions"]!["durableTask"]![name]!.ToJsonString(), scheduler["extensions"]!["durableTask"]![name]?.ToJsonString());
    }

    // The operator adds these as they are needed.
    private static bool IsOfNamedEntry(string name) =>
        name.EndsWith("_API_URL", StringComparison.Ordinal) || name.EndsWith("_MODELS", StringComparison.Ordinal)
        || name.StartsWith("FuncChat__Providers__", StringComparison.Ordinal) || name.StartsWith("FuncChat__Mcp__", StringComparison.Ordinal)
        || name.StartsWith("FuncChat__OpenApi__", StringComparison.Ordinal);

    private static bool IsKey(string name) =>
        name.EndsWith("API_KEY", StringComparison.Ordinal) || name.EndsWith("ApiKey", StringComparison.Ordinal);

    private static async Task<IReadOnlyList<string>> SetAsync() =>
        [.. (await SettingsAsync()).Select(setting => setting.Key.Replace("__azure__", "__<name>__", StringComparison.Ordinal))];

    private static async Task<JsonObject> SettingsAsync() => (await CompiledTemplate.GetAsync()).All.Single(module => module.Name == "main/settingsOfApp").Template["variables"]!["all"]!.AsObject();

    // host.json as it is, and with infra/durable-task-scheduler.json in it.
    private static IEnumerable<string> NamedByHostJson() =>
        from path in (string[])[Repository.PathOf("host.json"), Path.Combine(BicepCli.Infra, "durable-task-scheduler.json")]
        from Match name in NameInHostJson().Matches(File.ReadAllText(path))
        select name.Groups["name"].Value;

    [GeneratedRegex(
        """%(?<name>\w+)%|"connection(String)?Name": "(?!AzureWebJobsStorage")(?<name>\w+)""",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameInHostJson();
}
