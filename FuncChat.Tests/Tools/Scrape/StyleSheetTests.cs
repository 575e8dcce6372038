using FuncChat.Tools.Scrape;

namespace FuncChat.Tests.Tools.Scrape;

public class StyleSheetTests
{
    private const string Text = "<p>Kites have been flown for two thousand years, in China first, where they were made of silk and of bamboo.</p>";

    [Theory]
    [InlineData(".x { display: none }", "<p class=x>SECRET")]
    [InlineData(".x{display:none!important} .x{display:block}", "<p class=x>SECRET")]
    [InlineData("#x { visibility: hidden }", "<p id=x>SECRET")]
    [InlineData("p.x.y { opacity: 0 }", "<p class='y a x'>SECRET")]
    [InlineData("aside { font-size: 0 }", "<aside>SECRET</aside>")]
    [InlineData("h1, .a, .x { text-indent: -9999px }", "<div class=x>SECRET</div>")]
    [InlineData(".x { position: absolute; left: -9999px }", "<div class=x><b>SECRET</b></div>")]
    [InlineData(".x { position: absolute } .x { left: -9999px }", "<div class=x>SECRET</div>")]
    [InlineData(".x { color: #fff; background: #fff }", "<p class=x>SECRET")]
    [InlineData("/* } */ .x { display: none }", "<p class=x>SECRET")]
    [InlineData("p:after { content: '}{' } .x { display: none }", "<p class=x>SECRET")]
    [InlineData("p:after { content: \"\\\"\" } .x { display: none } p:before { content: \"a\" }", "<p class=x>SECRET")]
    [InlineData("@import 'a.css'; @font-face { font-family: a } .x { display: none }", "<p class=x>SECRET")]
    [InlineData("@media screen { .x { display: none } }", "<p class=x>SECRET")]
    [InlineData("@layer base { .a { color: red } .x { display: none } }", "<p class=x>SECRET")]
    [InlineData("<!-- .x { display: none } -->", "<p class=x>SECRET")]
    [InlineData(".x { display: none", "<p class=x>SECRET")]
    public async Task Text_is_removed_when_a_rule_hides_it(string rules, string html)
    {
        Assert.DoesNotContain("SECRET", await ReadAsync(rules, html), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".x { display: none } .x { display: block }", "<p class=x>SHOWN")]
    [InlineData("/* } .x { display: none }", "<p class=x>SHOWN")]
    [InlineData("p:after { content: 'a } .x { display: none }", "<p class=x>SHOWN")]
    [InlineData("p.x { display: block } .x { display: none }", "<p class=x>SHOWN")]
    [InlineData("#x { display: block } p.x { display: none }", "<p class=x id=x>SHOWN")]
    [InlineData(".x { display: none }", "<p class=x style='display: block'>SHOWN")]
    [InlineData("@media print { .x { display: none } }", "<p class=x>SHOWN")]
    [InlineData("@media (max-width: 600px) { .x { display: none } }", "<p class=x>SHOWN")]
    [InlineData(".menu .x { display: none }", "<p class=x>SHOWN")]
    [InlineData(".x:hover { display: none }", "<p class=x>SHOWN")]
    [InlineData(".x.y { display: none }", "<p class=x>SHOWN")]
    [InlineData(".x { .inner { display: none } }", "<p class=x>SHOWN")]
    [InlineData("p { color: black } body { background: white }", "<p>SHOWN")]
    public async Task Text_is_kept_when_no_rule_hides_it(string rules, string html)
    {
        Assert.Contains("SHOWN", await ReadAsync(rules, html), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("body { opacity: 0 }")]
    [InlineData("p { opacity: 0 }")]
    [InlineData(".page { display: none }")]
    public async Task Page_is_kept_when_its_rules_hide_most_of_it(string rules)
    {
        Assert.Contains("Kites", await ReadAsync(rules, $"<div class=page>{Text}{Text}</div>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Style_sheet_of_another_medium_hides_nothing()
    {
        var article = await HtmlArticle.ReadAsync(
            $"<style media=print>.x {{ display: none }}</style>{Text}<p class=x>SHOWN", new Uri("https://site.test/"), CancellationToken.None);

        Assert.Contains("SHOWN", article.Markdown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_is_read_when_it_has_many_rules_for_many_elements()
    {
        var rules = string.Concat(Enumerable.Range(0, 5_000).Select(number => $"i{{display:inline;left:{number}px}}"));
        var html = string.Concat(Enumerable.Repeat("<i>a</i> ", 20_000));

        Assert.StartsWith("Kites", await ReadAsync(rules, html), StringComparison.Ordinal);
    }

    private static async Task<string> ReadAsync(string rules, string html) =>
        (await HtmlArticle.ReadAsync($"<style>{rules}</style>{Text}{html}", new Uri("https://site.test/"), CancellationToken.None)).Markdown;
}
