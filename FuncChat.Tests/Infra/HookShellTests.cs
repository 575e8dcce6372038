using FuncChat.Tests.Support;

namespace FuncChat.Tests.Infra;

/// <summary>The hooks of azure.yaml under the two shells that azd runs them with.</summary>
public sealed class HookShellTests
{
    private static readonly string[] Lines = File.ReadAllLines(Repository.PathOf("azure.yaml"));

    [LinuxFact]
    public async Task First_run_is_refused_under_sh() => AssertRefused(await RunAsync("sh", Hook("preprovision", "posix")));

    [PwshFact]
    public async Task First_run_is_refused_under_PowerShell() => AssertRefused(await RunAsync("pwsh", Hook("preprovision", "windows")));

    [LinuxFact]
    public async Task Addresses_are_shown_at_the_end_under_sh() => AssertShown(await RunAsync("sh", Hook("postup", "posix")));

    [PwshFact]
    public async Task Addresses_are_shown_at_the_end_under_PowerShell() => AssertShown(await RunAsync("pwsh", Hook("postup", "windows")));

    private static void AssertRefused(ProgramRun run)
    {
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("azd env set FUNCCHAT_ALLOW_ANONYMOUS true", run.Errors, StringComparison.Ordinal);
    }

    private static void AssertShown(ProgramRun run)
    {
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("https://page.example.com", run.Output, StringComparison.Ordinal);
        Assert.Contains("https://api.example.com/api/health", run.Output, StringComparison.Ordinal);
    }

    /// <summary>The command of a hook, of one line or of an indented block.</summary>
    private static string Hook(string name, string system)
    {
        var hook = Lines.SkipWhile(line => line != $"  {name}:").SkipWhile(line => line != $"    {system}:").SkipWhile(line => !line.StartsWith("      run: ", StringComparison.Ordinal)).ToList();
        var command = hook[0]["      run: ".Length..];
        return command != "|" ? command : string.Join('\n', hook.Skip(1).TakeWhile(line => line.StartsWith("        ", StringComparison.Ordinal)).Select(line => line.Trim()));
    }

    private static Task<ProgramRun> RunAsync(string shell, string script)
    {
        Dictionary<string, string?> environment = new(StringComparer.Ordinal)
        {
            ["PAGE_URL"] = "https://page.example.com",
            ["API_URL"] = "https://api.example.com",
            ["FUNCCHAT_ALLOW_ANONYMOUS"] = null,
        };
        string[] arguments = shell == "sh"
            ? ["-ec", script]
            // As azd does it: PowerShell itself does not end with the exit code of the last program.
            : ["-NoProfile", "-NonInteractive", "-Command", $"$ErrorActionPreference = 'Stop'\n{script}\nif (Test-Path variable:LASTEXITCODE) {{ exit $LASTEXITCODE }}"];
        return ProgramRun.OfAsync(shell, Repository.Root, environment, arguments);
    }
}
