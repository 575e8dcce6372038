using System.Runtime.Versioning;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Infra;

/// <summary>infra/hooks/check-settings.mjs, as azd runs it before it creates anything: the command of azure.yaml, under sh, with a stub of the Azure CLI.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CheckSettingsTests : IDisposable
{
    private readonly TemporaryFolder _bin = new();

    public void Dispose() => _bin.Dispose();

    [LinuxFact]
    public async Task First_run_without_settings_is_refused_with_the_line_to_type()
    {
        var run = await RunAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("azd env set FUNCCHAT_ALLOW_ANONYMOUS true", run.Errors, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task Sign_in_without_an_allowed_user_is_refused_with_the_command_to_run()
    {
        var run = await RunAsync(("FUNCCHAT_GOOGLE_CLIENT_ID", "1234-abc.apps.googleusercontent.com"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("azd env set FUNCCHAT_ALLOWED_EMAILS", run.Errors, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task Half_of_the_settings_of_entra_id_is_refused()
    {
        var run = await RunAsync(("FUNCCHAT_ENTRA_CLIENT_ID", "c"), ("FUNCCHAT_ALLOW_ANONYMOUS", "true"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("must be set together", run.Errors, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task One_of_the_two_existing_subnets_is_refused()
    {
        var run = await RunAsync(("FUNCCHAT_ALLOW_ANONYMOUS", "true"), ("FUNCCHAT_APP_SUBNET_ID", "/subscriptions/0"));

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
    [InlineData("FUNCCHAT_DEVELOPER_ID", "ada@example.com", "az ad signed-in-user show")]
    public async Task Invalid_value_is_refused_before_anything_is_created(string name, string value, string expected)
    {
        var run = await RunAsync((name, value), ("FUNCCHAT_ALLOW_ANONYMOUS", "true"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
    }

    [LinuxTheory]
    [InlineData("60", null, "room for 59 instances")]
    [InlineData(null, "10.42.0.0/25", "at least a /24")]
    [InlineData(null, "10.42.0.0", "at least a /24")]
    public async Task Private_network_without_an_address_for_every_instance_is_refused(string? instances, string? addresses, string expected)
    {
        var run = await RunAsync(
            ("FUNCCHAT_ALLOW_ANONYMOUS", "true"), ("FUNCCHAT_PRIVATE_NETWORK", "true"),
            ("FUNCCHAT_MAX_INSTANCES", instances), ("FUNCCHAT_NETWORK_ADDRESSES", addresses));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task Values_within_the_limits_pass()
    {
        await StubAzAsync("echo Registered");

        Assert.Equal(new ProgramRun(0, "", ""), await RunAsync(
            ("FUNCCHAT_ALLOW_ANONYMOUS", "true"), ("FUNCCHAT_SIZE", "production"), ("FUNCCHAT_MAX_INSTANCES", "250"), ("FUNCCHAT_NETWORK_ADDRESSES", "10.42.0.0/22"),
            ("FUNCCHAT_MONTHLY_BUDGET", "50"), ("FUNCCHAT_BUDGET_START", "2027-01-01"), ("FUNCCHAT_MAX_TURN_DURATION", "3600"), ("FUNCCHAT_TURN_DAYS", "30"),
            ("FUNCCHAT_SETTINGS", """{"FuncChat__Turns__Retention":"30.00:00:00"}"""), ("FUNCCHAT_DEVELOPER_ID", "00000000-0000-0000-0000-000000000002")));
    }

    [LinuxFact]
    public async Task Settings_that_are_no_json_object_are_refused()
    {
        var run = await RunAsync(("FUNCCHAT_ALLOW_ANONYMOUS", "true"), ("FUNCCHAT_SETTINGS", "OPENAI_MODELS=gpt-5"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("FUNCCHAT_SETTINGS must be a JSON object", run.Errors, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task Settings_that_say_who_may_use_the_app_pass()
    {
        Assert.Equal(new ProgramRun(0, "", ""), await RunAsync(("FUNCCHAT_ALLOW_ANONYMOUS", "true")));
        Assert.Equal(new ProgramRun(0, "", ""), await RunAsync(("FUNCCHAT_GOOGLE_CLIENT_ID", "c"), ("FUNCCHAT_ALLOWED_EMAILS", "ada@example.com")));
        Assert.Equal(new ProgramRun(0, "", ""), await RunAsync(
            ("FUNCCHAT_ENTRA_TENANT_ID", "t"), ("FUNCCHAT_ENTRA_CLIENT_ID", "c"), ("FUNCCHAT_ENTRA_ALLOWED_GROUPS", "g")));
        Assert.Equal(new ProgramRun(0, "", ""), await RunAsync(("FUNCCHAT_SETTINGS", """{"FuncChat__Auth__ApiKeys__ci__Hash":"00"}""")));
    }

    [LinuxFact]
    public async Task Resource_provider_of_the_private_network_is_registered_when_it_is_not()
    {
        Assert.Equal(["show"], await CallsOfAzAsync("Registered"));
        Assert.Equal(["show", "register"], await CallsOfAzAsync("NotRegistered"));
    }

    [LinuxFact]
    public async Task Command_to_register_the_provider_is_shown_when_the_azure_cli_fails()
    {
        await StubAzAsync("exit 1");

        var run = await RunAsync(("FUNCCHAT_ALLOW_ANONYMOUS", "true"), ("FUNCCHAT_PRIVATE_NETWORK", "true"));

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("az provider register --namespace Microsoft.App", run.Output, StringComparison.Ordinal);
    }

    private async Task<string[]> CallsOfAzAsync(string state)
    {
        var calls = Path.Combine(_bin.Path, state);
        await StubAzAsync($"echo $2 >>'{calls}'; echo {state}");
        Assert.Equal(0, (await RunAsync(("FUNCCHAT_ALLOW_ANONYMOUS", "true"), ("FUNCCHAT_SIZE", "production"))).ExitCode);
        return await File.ReadAllLinesAsync(calls);
    }

    private async Task StubAzAsync(string script)
    {
        var stub = Path.Combine(_bin.Path, "az");
        await File.WriteAllTextAsync(stub, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(stub, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private Task<ProgramRun> RunAsync(params (string Name, string? Value)[] variables)
    {
        // The hook's forms for sh and for PowerShell are the same command.
        var command = Assert.Single(File.ReadAllLines(Repository.PathOf("azure.yaml")).Where(line => line.Contains("check-settings.mjs", StringComparison.Ordinal)).Distinct());
        Dictionary<string, string?> environment = new(StringComparer.Ordinal)
        {
            ["PATH"] = $"{_bin.Path}:{Environment.GetEnvironmentVariable("PATH")}",
        };
        foreach (var (name, value) in variables)
            environment[name] = value;
        return ProgramRun.OfAsync("sh", Repository.Root, environment, "-c", command.Trim()["run: ".Length..]);
    }
}
