using System.Reflection;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Architecture;

/// <summary>References point downward only: host, then Web and Azure, then Engine, then Tools.</summary>
public sealed class ReferenceTests
{
    // What each project may reference; a new project is given its place here.
    private static readonly Dictionary<string, string[]> May = new(StringComparer.Ordinal)
    {
        ["FuncChat.Sandbox"] = [],
        ["FuncChat.Tools"] = ["FuncChat.Sandbox"],
        ["FuncChat.Engine"] = ["FuncChat.Tools"],
        ["FuncChat.Web"] = ["FuncChat.Engine", "FuncChat.Tools"],
        ["FuncChat.Azure"] = ["FuncChat.Engine", "FuncChat.Tools"],
        ["FuncChat"] = ["FuncChat.Web", "FuncChat.Azure", "FuncChat.Engine", "FuncChat.Tools"],
        ["FuncChat.Local"] = ["FuncChat.Web", "FuncChat.Azure", "FuncChat.Engine", "FuncChat.Tools"],
        ["FuncChat.Bench"] = [],
        ["FuncChat.Bench.Peers"] = [],
        ["FuncChat.Benchmarks"] = ["FuncChat.Engine"],
    };

    public static TheoryData<string> Projects() =>
        [.. Project.All.Select(project => project.Name).Where(name => !name.EndsWith("Tests", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_references_only_lower_layers(string name)
    {
        Assert.True(May.TryGetValue(name, out var allowed), $"{name} has no place in the house: give it one in {nameof(ReferenceTests)}.");

        var project = Project.All.Single(project => project.Name == name);

        Assert.Empty(project.References.Except(allowed, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("FuncChat.Tools", "Microsoft.AspNetCore", "Microsoft.Azure.Functions", "Microsoft.DurableTask", "FuncChat.Engine", "FuncChat.Web", "ClearScript")]
    [InlineData("FuncChat.Engine", "Microsoft.AspNetCore", "Microsoft.Azure.Functions", "Microsoft.DurableTask", "FuncChat.Web", "FuncChat.Azure")]
    [InlineData("FuncChat.Web", "Microsoft.Azure.Functions", "Microsoft.DurableTask", "FuncChat.Azure")]
    public void Assembly_knows_nothing_above_it(string name, params string[] unknown)
    {
        var known = Assembly.Load(name).GetReferencedAssemblies().Select(assembly => assembly.Name!);

        Assert.DoesNotContain(known, reference =>
            unknown.Any(prefix => reference == prefix || reference.StartsWith($"{prefix}.", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Turns")]
    [InlineData("Store")]
    [InlineData("Events")]
    [InlineData("Models")]
    public void Engine_below_the_kinds_of_turns_knows_none_of_them(string folder)
    {
        var files = Directory.EnumerateFiles(Repository.PathOf("FuncChat.Engine", folder), "*.cs", SearchOption.AllDirectories);

        Assert.DoesNotContain(
            files, file => new[] { "Chat", "Plans", "Searches" }.Any(kind => File.ReadAllText(file).Contains($"using FuncChat.Engine.{kind};", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("FuncChat.Tools")]
    [InlineData("FuncChat.Engine")]
    public void Project_beneath_the_http_api_has_no_framework_reference(string name) =>
        Assert.Empty(Project.All.Single(project => project.Name == name).FrameworkReferences);
}
