using System.Text.Json;
using System.Text.RegularExpressions;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Architecture;

public sealed partial class SolutionTests
{
    // These need packages that not every registry holds.
    private static readonly string[] NeedFunctionsPackages = ["FuncChat", "FuncChat.Host.Tests"];

    [Fact]
    public void Solution_holds_every_project()
    {
        var held = ProjectPath().Matches(File.ReadAllText(Repository.PathOf("FuncChat.sln"))).Select(match => match.Groups["name"].Value);

        Assert.Equal(Names(Project.All), held.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Local_solution_filter_has_every_project_that_builds_without_the_functions_packages()
    {
        using var filter = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("FuncChat.Local.slnf")));
        var held = filter.RootElement.GetProperty("solution").GetProperty("projects").EnumerateArray()
            .Select(path => Path.GetFileNameWithoutExtension(path.GetString()!.Replace('\\', '/')));

        Assert.Equal(Names(Project.All.Where(project => !NeedFunctionsPackages.Contains(project.Name))), held.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Names(IEnumerable<Project> projects) => projects.Select(project => project.Name).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"""[^""]*?(?<name>[^""\\/]+)\.csproj""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ProjectPath();
}
