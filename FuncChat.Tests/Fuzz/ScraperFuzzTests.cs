using FuncChat.Tools.Scrape;
using FuncChat.Tools.Fetch;

namespace FuncChat.Tests.Fuzz;

/// <summary>A page may be anything: text comes out of it.</summary>
public sealed class ScraperFuzzTests() : FuzzTests("scraper", seed: 641)
{
    // Finding the article takes twenty times as long as reading the whole page, which it builds on.
    private const int ArticleEvery = 20;

    private static readonly Uri Url = new("https://site.test/a/");

    private int _count;

    protected override IReadOnlyList<string> Good { get; } =
    [
        "<title>T</title><main><h1>A</h1><p>b <a href=/x>c</a> <b>d</b></main>",
        "<table><tr><th>a<td>b<tr><td>c</table><ul><li>x<ol><li>y</ul>",
        "<meta charset=utf-8><base href=//b.test/><pre>a\n b</pre><code>`c`</code>",
        "<article><p>Some words, more words, and a few words more.</p><blockquote>q</blockquote></article>",
        "plain text & no <markup",
    ];

    protected override IReadOnlyList<string> Tokens { get; } =
    [
        "<", ">", "</", "/>", "<!--", "-->", "<![CDATA[", "&", "&#0;", "&#xD800;", "&#x110000;", "\"", "'", "=", "\0", "\u00A0", "\u2028", "\uFEFF", "<p>", "<div>", "</div>", "<table>", "<td>",
        "<svg>", "<math>", "<template>", "<script>", "</script>", "<style>", "<select>", "<frameset>", "<plaintext>", "<a href=", "javascript:x", "http://[", "data:,", "<li>", "<pre>", "`", "](",
    ];

    protected override void Check(byte[] input)
    {
        Assert.True(Record.Exception(() => MediaType.Determine(input, null)) is null or FuncChat.Tools.ToolException);
        var html = Charset.Decode(input, null);
        if (++_count % ArticleEvery == 0)
        {
            Assert.NotNull(HtmlArticle.ReadAsync(html, Url, CancellationToken.None).GetAwaiter().GetResult().Markdown);
            return;
        }

        Assert.NotNull(MarkdownWriter.Write(HtmlDocuments.Parse(html, CancellationToken.None).Body, Url, CancellationToken.None));
    }
}
