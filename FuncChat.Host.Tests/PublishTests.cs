using System.Diagnostics;
using System.Text.Json.Nodes;

namespace FuncChat.Host.Tests;

/// <summary>What `dotnet publish FuncChat` puts into the package that azd deploys, as MSBuild computes it from the last build.</summary>
public sealed class PublishTests
{
    // The child process loads V8 through its dependency file: without one, it looks for it in the app's folder only.
    [Theory]
    [InlineData("FuncChat.Sandbox.dll")]
    [InlineData("FuncChat.Sandbox.deps.json")]
    [InlineData("FuncChat.Sandbox.runtimeconfig.json")]
    [InlineData("runtimes/linux-x64/native/ClearScriptV8.linux-x64.so")]
    public async Task Package_contains_what_JavaScript_needs_on_the_machines_of_Azure(string file) =>
        Assert.Contains(file, await Files.Value);

    private static readonly Lazy<Task<IReadOnlyList<string>>> Files = new(ComputeAsync);

    private static async Task<IReadOnlyList<string>> ComputeAsync()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                "msbuild", Path.Combine(Root(), "FuncChat", "FuncChat.csproj"), "-nologo", "-t:ResolveReferences;ComputeFilesToPublish",
                "-getItem:ResolvedFileToPublish", "-p:NoBuild=true", "-p:BuildProjectReferences=false", $"-p:Configuration={configuration}",
            },
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var build = Process.Start(start)!;
        var json = await build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();
        Assert.True(build.ExitCode == 0, json);
        return [.. JsonNode.Parse(json)!["Items"]!["ResolvedFileToPublish"]!.AsArray().Select(file => file!["RelativePath"]!.GetValue<string>().Replace('\\', '/'))];
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FuncChat.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
