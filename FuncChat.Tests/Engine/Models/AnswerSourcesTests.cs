using System.Text.Json;
using FuncChat.Engine.Models;

namespace FuncChat.Tests.Engine.Models;

public sealed class AnswerSourcesTests
{
    private readonly AnswerSources _sources = new();

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://one.test/")]
    [InlineData("/relative")]
    [InlineData("//one.test/")]
    [InlineData("one.test")]
    [InlineData("https://user:secret@one.test/")]
    [InlineData("https://")]
    [InlineData("")]
    [InlineData(null)]
    public void Source_that_is_no_web_address_is_left_out(string? url)
    {
        _sources.Add(url, "Title");

        Assert.Null(_sources.ToChunk());
    }

    [Theory]
    [InlineData("https://one.test/a b\"c<d>", "https://one.test/a%20b%22c%3Cd%3E")]
    [InlineData(" https://one.test/ ", "https://one.test/")]
    [InlineData("https://one.test/é", "https://one.test/%C3%A9")]
    [InlineData("HTTPS://One.test/A?utm_source=x#y", "HTTPS://One.test/A?utm_source=x#y")]
    public void Address_has_no_character_that_ends_it(string url, string expected)
    {
        _sources.Add(url, "Title");

        Assert.Equal(expected, Assert.Single(Sources()).Url);
    }

    [Theory]
    [InlineData("https://one.test/\u202egnp.exe")]
    [InlineData("https://one.test/\u200b\u0007\ud83d")]
    [InlineData("https://one.test\\@two.test/")]
    public void Address_has_no_hidden_character(string url)
    {
        _sources.Add(url, "Title");

        Assert.DoesNotContain(_sources.ToChunk()?.Sources.Single().Url ?? "", static c => c is <= ' ' or >= '\x7F' or '\\');
    }

    [Fact]
    public void Length_and_number_are_bounded()
    {
        _sources.Add("https://long.test/" + new string('a', 3000), "Too long");
        _sources.Add("https://long.test/" + new string('é', 1500), "Too long when it is escaped");
        for (var number = 0; number < 1000; number++)
            _sources.Add($"https://{number}.test/", new string('t', 5000));

        Assert.Equal(AnswerSources.Most, Sources().Count);
        Assert.All(Sources(), source => Assert.Equal(300, source.Title.Length));
    }

    [Fact]
    public void Title_is_one_line_without_hidden_characters_and_the_host_where_there_is_none()
    {
        _sources.Add("https://one.test/", " A\r\n\tb\u202e\u0000\ud83d ");
        _sources.Add("https://two.test/", "\u200b\n");

        Assert.Equal(["A b\uFFFD", "two.test"], Sources().Select(source => source.Title));
    }

    [Fact]
    public void Places_are_those_of_the_list_also_after_one_that_is_left_out()
    {
        using var citations = JsonDocument.Parse("""["https://one.test/","javascript:x","https://three.test/","https://one.test/#again",5,"\ud83d"]""");
        using var results = JsonDocument.Parse("""[{"title":"One","url":"https://one.test/"},null,{"title":"Three","url":"https://three.test/"}]""");
        _sources.Add("https://three.test/", null);
        _sources.AddList(citations.RootElement);
        _sources.AddList(results.RootElement);

        Assert.Equal([new("https://three.test/", "Three", 3), new("https://one.test/", "One", 1)], Sources());
    }

    private IReadOnlyList<ModelSource> Sources() => _sources.ToChunk()!.Value.Sources;
}
