using System.Runtime.Versioning;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Infra;

/// <summary>infra/hooks/check-settings.mjs: who may use the app, what can't change, and the resource provider.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CheckSettingsTests : IDisposable
{
    private readonly SettingsHook _hook = new();

    public void Dispose() => _hook.Dispose();

    [LinuxFact]
    public async Task First_run_without_settings_is_refused_with_the_line_to_type()
    {
        var run = await _hook.RunAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("azd env set FUNCCHAT_ALLOW_ANONYMOUS true", run.Errors, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task Sign_in_without_an_allowed_user_is_refused_with_the_command_to_run()
    {
        var run = await _hook.RunAsync(("FUNCCHAT_GOOGLE_CLIENT_ID", "1234-abc.apps.googleusercontent.com"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("azd env set FUNCCHAT_ALLOWED_EMAILS", run.Errors, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task Half_of_the_settings_of_entra_id_is_refused()
    {
        var run = await _hook.RunAsync(("FUNCCHAT_ENTRA_CLIENT_ID", "c"), ("FUNCCHAT_ALLOW_ANONYMOUS", "true"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("must be set together", run.Errors, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task Settings_that_say_who_may_use_the_app_pass()
    {
        Assert.Equal(new ProgramRun(0, "", ""), await _hook.RunAsync(("FUNCCHAT_ALLOW_ANONYMOUS", "true")));
        Assert.Equal(new ProgramRun(0, "", ""), await _hook.RunAsync(("FUNCCHAT_GOOGLE_CLIENT_ID", "c"), ("FUNCCHAT_ALLOWED_EMAILS", "ada@example.com")));
        Assert.Equal(new ProgramRun(0, "", ""), await _hook.RunAsync(
            ("FUNCCHAT_ENTRA_TENANT_ID", "00000000-0000-0000-0000-000000000003"), ("FUNCCHAT_ENTRA_CLIENT_ID", "c"), ("FUNCCHAT_ENTRA_ALLOWED_GROUPS", "g")));
        Assert.Equal(new ProgramRun(0, "", ""), await _hook.RunAsync(("FUNCCHAT_SETTINGS", $$"""{"FuncChat__Auth__ApiKeys__ci__Hash":"{{new string('0', 64)}}"}""")));
    }

    [LinuxFact]
    public async Task Keys_that_the_app_does_not_get_are_reported()
    {
        (string, string?)[] stored = [("FUNCCHAT_ALLOW_ANONYMOUS", "true"), .. ((string[])["OPENAI_API_KEY", "GROQ_API_KEY", "BRAVE_API_KEY", "TAVILY_API_KEY"]).Select(name => (name, (string?)"key"))];

        var run = await _hook.RunAsync([.. stored, ("ANTHROPIC_API_KEY", "key"), ("GEMINI_API_KEY", " ")]);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.StartsWith("ANTHROPIC_API_KEY has no effect here", run.Output, StringComparison.Ordinal);
        Assert.Equal(new ProgramRun(0, "", ""), await _hook.RunAsync(stored));
    }

    [LinuxFact]
    public async Task Setting_that_turns_anonymous_use_off_is_no_sign_in()
    {
        var run = await _hook.RunAsync(("FUNCCHAT_SETTINGS", """{"FuncChat__Auth__AllowAnonymous":"false"}"""));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("No user is allowed to use the app yet", run.Errors, StringComparison.Ordinal);
    }

    [LinuxTheory]
    [InlineData("VAULT_DAYS", "7", "azd env set FUNCCHAT_VAULT_DAYS 7")]
    [InlineData("STORAGE_REDUNDANCY", "Standard_LRS", "azd env set FUNCCHAT_STORAGE_REDUNDANCY Standard_LRS")]
    [InlineData("NETWORK_ADDRESSES", "10.7.0.0/22", "azd env set FUNCCHAT_NETWORK_ADDRESSES 10.7.0.0/22")]
    public async Task Larger_size_is_refused_where_it_would_change_what_never_changes(string output, string deployed, string line)
    {
        await _hook.StubAzAsync("echo Registered");
        (string, string?)[] larger = [("FUNCCHAT_ALLOW_ANONYMOUS", "true"), ("FUNCCHAT_SIZE", "production"), (output, deployed)];
        var run = await _hook.RunAsync(larger);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(line, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(line, (await _hook.RunAsync([.. larger, ($"FUNCCHAT_{output}", deployed)])).Errors, StringComparison.Ordinal);
    }

    // The template before this setting existed did the same.
    [LinuxTheory]
    [InlineData("small", "true", "90")]
    [InlineData("small", "false", "7")]
    [InlineData("production", "false", "7")]
    [InlineData("production", "", "90")]
    public async Task Days_of_the_vault_follow_from_its_protection(string size, string isProtected, string days)
    {
        await _hook.StubAzAsync("echo Registered");
        var run = await _hook.RunAsync(
            ("FUNCCHAT_ALLOW_ANONYMOUS", "true"), ("FUNCCHAT_SIZE", size), ("FUNCCHAT_PROTECT_VAULT", isProtected), ("VAULT_DAYS", days));

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
    }

    [LinuxFact]
    public async Task Larger_size_of_an_environment_passes_with_the_storage_and_the_vault_that_it_has()
    {
        await _hook.StubAzAsync("echo Registered");
        var run = await _hook.RunAsync(
            ("FUNCCHAT_ALLOW_ANONYMOUS", "true"), ("FUNCCHAT_SIZE", "production"), ("VAULT_DAYS", "7"), ("FUNCCHAT_VAULT_DAYS", "7"),
            ("STORAGE_REDUNDANCY", "Standard_LRS"), ("FUNCCHAT_STORAGE_REDUNDANCY", "Standard_LRS"));

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("the storage account is in one data center", run.Output, StringComparison.Ordinal);
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
        await _hook.StubAzAsync("exit 1");

        var run = await _hook.RunAsync(("FUNCCHAT_ALLOW_ANONYMOUS", "true"), ("FUNCCHAT_PRIVATE_NETWORK", "true"));

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("az provider register --namespace Microsoft.App", run.Output, StringComparison.Ordinal);
    }

    private async Task<string[]> CallsOfAzAsync(string state)
    {
        var calls = Path.Combine(_hook.Folder, state);
        await _hook.StubAzAsync($"echo $2 >>'{calls}'; echo {state}");
        Assert.Equal(0, (await _hook.RunAsync(("FUNCCHAT_ALLOW_ANONYMOUS", "true"), ("FUNCCHAT_SIZE", "production"))).ExitCode);
        return await File.ReadAllLinesAsync(calls);
    }
}
