using FuncChat.Engine.Events;
using FuncChat.Web.Formats;

namespace FuncChat.Tests.Web.Formats;

public sealed class CitedSourcesTests
{
    private readonly CitedSources _sources = new();

    [Theory]
    [InlineData("See https://one.test/ab and https://one.test/a.", 28)]
    [InlineData("See https://one.test/a-b, https://one.test/a/b, https://one.test/a?b=1.", null)]
    [InlineData("See https://one.test/a.html or **https://one.test/a**", 33)]
    [InlineData("See [it](https://one.test/a), as said.", 9)]
    [InlineData("See https://one.test/a/#part.", 4)]
    [InlineData("See https://one.test/a", 4)]
    [InlineData("See https://one.test/aé, https://one.test/ae\u0301, https://one.test/a\u0301 and https://one.test/a.д", null)]
    [InlineData("See https://one.test/a(b), https://one.test/a_(b), https://one.test/a|b and https://one.test/a$b.", null)]
    [InlineData("See https://two.test/?u=https://one.test/a, https://two.test/2026/https://one.test/a and https://two.test#https://one.test/a", null)]
    [InlineData("| https://one.test/a| 5 |", 2)]
    [InlineData("It costs https://one.test/a ($5)", 9)]
    [InlineData("https://two.test/,https://one.test/a", 18)]
    [InlineData("[https://two.test/](https://one.test/a)", 20)]
    [InlineData("看https://two.test/、https://one.test/a的说明", 19)]
    [InlineData("url=https://one.test/a", 4)]
    public void Address_is_found_in_a_text_where_it_is_not_the_start_of_another_one(string text, int? start)
    {
        _sources.Add(new LlmRequestEvent("answer", 1, "fake", "model"));
        _sources.Add(new CitationEvent(1, "https://one.test/a", "One"));

        var (_, found, end) = Assert.Single(_sources.In(text, isWhole: true));

        Assert.Equal(start is { } place ? (place, place + 18) : (text.Length, text.Length), (found, end));
    }

    [Fact]
    public void Sources_of_an_answer_that_is_reset_are_none()
    {
        _sources.Add(new CitationEvent(1, "https://tool.test/", "Tool"));
        _sources.Add(new LlmRequestEvent("answer", 1, "fake", "model"));
        _sources.Add(new CitationEvent(2, "https://void.test/", "Void"));
        _sources.Add(new MessageResetEvent(1));
        _sources.Add(new LlmRequestEvent("answer", 1, "fake", "model"));
        _sources.Add(new CitationEvent(2, "https://two.test/", "Two"));

        Assert.Equal(["Tool", "Two"], _sources.In("a [1] b [2]", isWhole: true).Select(cited => cited.Source.Title));
    }
}
