using System.Text.RegularExpressions;
using FuncChat.Tests.Infra;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Architecture;

/// <summary>The examples in CONTRIBUTING.md, pasted as it says into a fresh clone.</summary>
public sealed partial class NightlyContributingTests
{
    [NightlyFact]
    public async Task Fresh_clone_builds_with_every_example_pasted_as_it_is()
    {
        using var clone = new TemporaryFolder();
        await CloneAsync(clone.Path);
        var blocks = (await File.ReadAllTextAsync(Path.Combine(clone.Path, "CONTRIBUTING.md"))).Split("```csharp\n")
            .Select(block => block.Split("```\n", 2)).ToList();
        var pasted = 0;
        foreach (var (place, block) in blocks.Index())
        {
            if (Registration().Match(block[^1]) is not { Success: true } registration)
                continue;
            await PasteExampleAsync(clone.Path, block[0]);
            await RegisterAsync(Path.Combine(clone.Path, registration.Groups["file"].Value), registration.Groups["using"].Value, blocks[place + 1][0].Trim());
            pasted++;
        }

        Assert.Equal(4, pasted);
        var build = await ProgramRun.OfAsync(
            "dotnet", clone.Path, [], "build", "FuncChat.Tests", "-warnaserror", "-warnnotaserror:NU1603", "-nologo", "-v", "quiet", "-nodeReuse:false",
            "-p:UseSharedCompilation=false");

        Assert.True(build.ExitCode == 0, build.Output);
    }

    // The files that git knows, with the changes that are not committed.
    private static async Task CloneAsync(string folder)
    {
        var files = await ProgramRun.OfAsync("git", Repository.Root, [], "ls-files", "--cached", "--others", "--exclude-standard");
        foreach (var file in files.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Repository.PathOf(file))))
        {
            var copy = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Repository.PathOf(file), copy);
        }
    }

    // In the folder of its namespace.
    private static async Task PasteExampleAsync(string clone, string code)
    {
        var declared = Declaration().Match(code).Groups;
        var project = string.Join('.', declared["namespace"].Value.Split('.').Take(2));
        var folder = Path.Combine([clone, project, .. declared["namespace"].Value.Split('.').Skip(2)]);
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, $"{declared["type"].Value}.cs"), code);
    }

    private static async Task RegisterAsync(string file, string directive, string line)
    {
        var lines = (await File.ReadAllLinesAsync(file)).ToList();
        lines.Insert(lines.FindIndex(other => other.StartsWith("        services.", StringComparison.Ordinal)), $"        {line}");
        lines.Insert(0, directive);
        await File.WriteAllLinesAsync(file, lines);
    }

    [GeneratedRegex(@"\A\nand register it in `(?<file>[^`]+)`, with `(?<using>[^`]+)`:\n", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Registration();

    [GeneratedRegex(@"namespace (?<namespace>[\w.]+);(.|\n)*?(class|record) (?<type>\w+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Declaration();
}
