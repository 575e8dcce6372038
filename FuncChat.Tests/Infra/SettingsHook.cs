using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Infra;

/// <summary>infra/hooks/check-settings.mjs, or another hook, as azd runs it: the command of azure.yaml, under sh, with a stub of the Azure CLI.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class SettingsHook(string script = "check-settings.mjs") : IDisposable
{
    private readonly TemporaryFolder _bin = new();

    /// <summary>The folder of the stub.</summary>
    public string Folder => _bin.Path;

    /// <summary>Where it runs: the root of the repository, or a folder with an `infra` and an `.azure` of its own.</summary>
    public string WorkingFolder { get; init; } = Repository.Root;

    /// <summary>The parameters of the template, as azd computes them from these variables. Whether the template takes them is checked by the linter.</summary>
    public static async Task<JsonObject> ParametersAsync(Dictionary<string, string?> variables)
    {
        // Without the template, which takes longer to compile than the parameters.
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(BicepCli.Infra, "variables.bicep"), Path.Combine(folder.Path, "variables.bicep"));
        var parameters = await File.ReadAllTextAsync(Path.Combine(BicepCli.Infra, "main.bicepparam"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "main.bicepparam"), parameters.Replace("using 'main.bicep'", "using none", StringComparison.Ordinal));

        var run = await BicepCli.RunAsync(folder.Path, variables, "build-params", "main.bicepparam", "--stdout");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        return JsonNode.Parse(JsonNode.Parse(run.Output)!["parametersJson"]!.GetValue<string>())!["parameters"]!.AsObject();
    }

    /// <summary>Puts a script in the place of the Azure CLI.</summary>
    public async Task StubAzAsync(string script)
    {
        var stub = Path.Combine(Folder, "az");
        await File.WriteAllTextAsync(stub, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(stub, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Runs it in an environment with these variables.</summary>
    public Task<ProgramRun> RunAsync(params (string Name, string? Value)[] variables)
    {
        // The hook's forms for sh and for PowerShell are the same command.
        var command = Assert.Single(File.ReadAllLines(Repository.PathOf("azure.yaml")).Where(line => line.Contains(script, StringComparison.Ordinal)).Distinct());
        Dictionary<string, string?> environment = new(StringComparer.Ordinal)
        {
            ["PATH"] = $"{Folder}:{Environment.GetEnvironmentVariable("PATH")}",
        };
        foreach (var (name, value) in variables)
            environment[name] = value;
        return ProgramRun.OfAsync("sh", WorkingFolder, environment, "-c", command.Trim()["run: ".Length..]);
    }

    public void Dispose() => _bin.Dispose();
}
