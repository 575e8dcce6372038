using System.Text.Json;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using FuncChat.Tools.Dice;
using Moq;

namespace FuncChat.Tests.Architecture;

/// <summary>The examples in CONTRIBUTING.md are code that compiles and runs.</summary>
public sealed class ContributingTests
{
    [Theory]
    [InlineData("RollDiceTool.cs")]
    [InlineData("EchoProviderType.cs")]
    public void Contributing_shows_the_example_as_it_compiles(string file)
    {
        var code = File.ReadAllText(Repository.PathOf("FuncChat.Tests", "Architecture", "Examples", file));

        Assert.Contains($"```csharp\n{code}```\n", File.ReadAllText(Repository.PathOf("CONTRIBUTING.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Example_tool_runs()
    {
        var run = new Mock<IToolRun>();
        var tool = RollDiceTool.AsTool();

        var result = await tool.Function.InvokeAsync(Tool.ArgumentsFor(run.Object, new Dictionary<string, object?> { ["count"] = 3 }));

        Assert.Equal(3, Assert.IsType<JsonElement>(result).GetArrayLength());
        run.Verify(watched => watched.Report("Rolling 3 dice", null, null));
    }
}
