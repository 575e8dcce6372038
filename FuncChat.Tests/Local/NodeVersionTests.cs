using System.Text.Json;
using FuncChat.Local;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Local;

/// <summary>One range of Node.js versions, as staticwebapp/package.json has it.</summary>
public sealed class NodeVersionTests
{
    [Fact]
    public void Range_is_that_of_the_pages_package()
    {
        using var package = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("staticwebapp", "package.json")));

        Assert.Equal(NodeVersion.Range, package.RootElement.GetProperty("engines").GetProperty("node").GetString()!.Replace("||", "or", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("docs/deploy.md")]
    [InlineData("test.sh")]
    [InlineData("bench/run.sh")]
    public void Text_names_the_whole_range(string file) =>
        Assert.Contains(NodeVersion.Range, File.ReadAllText(Repository.PathOf(file)).Replace("`", "", StringComparison.Ordinal), StringComparison.Ordinal);
}
