using System.Text;
using FuncChat.Tools.Scrape;

namespace FuncChat.Tests.Tools.Scrape;

public class HostileHtmlTests
{
    private static readonly Uri Url = new("https://site.test/");

    [Theory]
    [InlineData("deep", "<div>", 2_000)]
    [InlineData("deep lists", "<ul><li>", 300)]
    [InlineData("deep quotes in links", "<a href=/x><blockquote>", 500)]
    [InlineData("deep tables", "<table><tr><td>", 300)]
    [InlineData("deep formatting", "<b><i><u>", 300)]
    [InlineData("deep formatting of many kinds", "<b><font size=1><p>", 300)]
    [InlineData("wide", "<br>", 50_000)]
    [InlineData("wide row", "<table><tr><td>", 1, "<td>x", 20_000, "</table>")]
    [InlineData("long attribute", "<p class='", 1, "x", 1_000_000, "'>")]
    [InlineData("long space", "<p>", 1, " ", 200_000)]
    [InlineData("control characters", "<p>\0\u0001\u001B[31m\uFFFE &#0; &#x110000; &#xD800;", 1)]
    public async Task Page_is_read_when_its_markup_is_hostile(
        string attack, string start, int starts, string middle = "", int middles = 0, string end = "")
    {
        var html = Repeat(start, starts) + Repeat(middle, middles) + end + "text";

        var (_, markdown) = await HtmlArticle.ReadAsync(html, Url, CancellationToken.None);

        var isRead = markdown.EndsWith("text", StringComparison.Ordinal) || markdown.EndsWith("[text](https://site.test/x)", StringComparison.Ordinal);
        Assert.True(isRead, attack);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<frameset><frame src=/x></frameset>")]
    [InlineData("<p <a href=' <table <!-- <title> text<<<<")]
    [InlineData("<svg><foreignObject><math><mtext>")]
    public async Task Nothing_is_read_when_there_is_nothing_to_read(string html)
    {
        var (title, markdown) = await HtmlArticle.ReadAsync(html, Url, CancellationToken.None);

        Assert.Equal((null, ""), (title, markdown));
    }

    [Fact]
    public async Task Garbage_is_read_without_failing()
    {
        var random = new Random(7);
        const string Letters = "<>/='\"&;!- \nabiptdlrhuo1\0\uD83D";
        for (var round = 0; round < 200; round++)
        {
            var html = new StringBuilder();
            for (var i = 0; i < 400; i++)
                html.Append(Letters[random.Next(Letters.Length)]);
            await HtmlArticle.ReadAsync(html.ToString(), Url, CancellationToken.None);
        }
    }

    [Fact]
    public void Parsing_ends_when_the_time_is_up()
    {
        using var time = new CancellationTokenSource();
        time.Cancel();

        Assert.Throws<OperationCanceledException>(() => HtmlDocuments.Parse("<p>", time.Token));
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
