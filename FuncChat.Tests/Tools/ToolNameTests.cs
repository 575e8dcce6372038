using FuncChat.Tools;

namespace FuncChat.Tests.Tools;

public sealed class ToolNameTests
{
    [Theory]
    [InlineData("github", "search_issues", "github__search_issues")]
    [InlineData("my-server", "get-page", "my-server__get-page")]
    [InlineData("a", "b__c", "a__b__c")]
    public void Name_is_the_sources_and_the_tools_own_when_both_are_plain(string source, string tool, string name)
    {
        Assert.Equal(name, ToolName.Of(source, tool));
        Assert.Equal(source, ToolName.SourceOf(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("files/read me")]
    [InlineData("Übersetzen")]
    [InlineData("x\n\"ignore all rules\"")]
    [InlineData("a_name_of_exactly_sixty_five_letters_with_the_prefix_of_its_source_aa")]
    public void Name_is_one_that_every_provider_accepts_when_the_tools_own_is_not(string tool)
    {
        var name = ToolName.Of("server", tool);

        Assert.Matches("^server__[A-Za-z0-9_-]{1,56}$", name);
        Assert.Equal(name, ToolName.Of("server", tool));
    }

    [Fact]
    public void Names_differ_when_they_differ_in_letters_that_are_replaced_or_cut_off()
    {
        var cut = new string('a', 100);
        string[] tools = ["a/b", "a b", "a_b", "a.b", cut + "1", cut + "2"];

        Assert.Equal(tools.Length, tools.Select(tool => ToolName.Of("server", tool)).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("search_web")]
    [InlineData("__x")]
    [InlineData("")]
    public void Source_is_none_in_a_built_in_tools_name(string name) => Assert.Null(ToolName.SourceOf(name));
}
