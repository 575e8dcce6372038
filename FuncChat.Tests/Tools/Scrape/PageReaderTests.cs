using System.Text;
using FuncChat.Tests.Tools.Fetch;
using FuncChat.Tools;

namespace FuncChat.Tests.Tools.Scrape;

public class PageReaderTests
{
    [Fact]
    public async Task Page_has_a_note_when_its_text_has_characters_that_cannot_be_read()
    {
        await using var web = await TestWeb.StartAsync();

        var page = await web.ReadBodyAsync([.. "<meta charset=big5-hkscs><p>"u8, 0xA7, 0xDA, 0x9D, 0xCF], "text/html");

        Assert.StartsWith("我", page.Content, StringComparison.Ordinal);
        Assert.Equal("Characters of Big5 that can't be read here are shown as \uFFFD.", page.Note);
    }

    [Fact]
    public async Task Page_of_utf_32_is_text()
    {
        await using var web = await TestWeb.StartAsync();

        var page = await web.ReadBodyAsync(new UTF32Encoding(bigEndian: true, byteOrderMark: false).GetBytes("größer"), "text/plain; charset=utf-32be");

        Assert.Equal("größer", page.Content);
    }

    private const string Paragraph =
        "<p>Kites have been flown for two thousand years, in China first, where they were made of silk and of bamboo, and carried "
        + "messages, measured distances, and tested the wind; later they came to Europe with <a href='/polo'>travellers</a>.</p>";

    [Fact]
    public async Task Article_is_read_without_what_surrounds_it()
    {
        await using var web = await TestWeb.StartAsync();
        web.Server.On("/kites", $"""
            <!doctype html><title>Kites &amp; wind</title>
            <nav><a href="/home">Home</a> <a href="/login">Log in</a></nav>
            <article><h2>History</h2>{Paragraph}{Paragraph}{Paragraph}</article>
            <footer>All rights reserved</footer>
            """);

        var page = await web.ReadAsync("/kites");

        Assert.Equal("Kites & wind", page.Title);
        Assert.Equal("text/html", page.ContentType);
        Assert.Contains("[travellers](http://site.test/polo)", page.Content, StringComparison.Ordinal);
        Assert.DoesNotContain("Log in", page.Content, StringComparison.Ordinal);
        Assert.DoesNotContain("rights reserved", page.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Article_keeps_its_values_where_only_markup_and_style_give_them()
    {
        await using var web = await TestWeb.StartAsync();
        web.Server.On("/", $"""
            <!doctype html><title>Prices</title><style>s.old, .old {"{ text-decoration: line-through }"}</style><nav><a href="/home">Home</a></nav>
            <article>{Paragraph}{Paragraph}<p>It is <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math> of <span class=old>200</span> 150 EUR, or <span style="text-decoration: line-through">90</span> 80 USD.</p>
            <table><tr><th>Kind<th>Name<th>Price<tr><td rowspan=2>Fruit<td>Apple<td>1<tr><td>Pear<td>2</table>{Paragraph}</article>
            <footer>All rights reserved</footer>
            """);

        var content = (await web.ReadAsync("/")).Content;

        Assert.Contains("It is 1/2 of ~~200~~ 150 EUR, or ~~90~~ 80 USD.", content, StringComparison.Ordinal);
        Assert.Contains("Fruit | Pear | 2", content, StringComparison.Ordinal);
        Assert.DoesNotContain("rights reserved", content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/html; charset=utf-16", "größer", "größer")]
    [InlineData("text/plain; charset=utf-16le", "größer", "größer")]
    public async Task Text_in_utf_16_is_read_when_only_the_header_declares_it(string type, string text, string content)
    {
        await using var web = await TestWeb.StartAsync();
        web.Server.On("/", Encoding.Unicode.GetBytes(text), type);

        Assert.Equal(content, (await web.ReadAsync("/")).Content);
    }

    [Fact]
    public async Task Page_is_read_when_it_has_a_stray_control_character()
    {
        await using var web = await TestWeb.StartAsync();
        web.Server.On("/", "<p>a\0b\u0003</p>"u8.ToArray(), "text/html");

        Assert.StartsWith("ab", (await web.ReadAsync("/")).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_is_read_whole_when_there_is_no_article()
    {
        await using var web = await TestWeb.StartAsync();
        web.Server.On("/", "<base href='https://other.test/a/'><ul><li><a href='b'>One</a><li>Two</ul><script>x()</script>");

        var page = await web.ReadAsync("/");

        Assert.Null(page.Title);
        Assert.Equal("- [One](https://other.test/a/b)\n- Two", page.Content);
    }

    [Fact]
    public async Task Main_part_is_read_whole_when_there_is_no_article()
    {
        await using var web = await TestWeb.StartAsync();
        web.Server.On("/", "<nav><a href=/>Home</a></nav><main><ul><li>One</ul></main><footer>Imprint</footer>");

        Assert.Equal("- One", (await web.ReadAsync("/")).Content);
    }

    [Theory]
    [InlineData("text/plain", "a  <b>\n c")]
    [InlineData("application/json; charset=utf-8", """{ "a": [1, "ü"] }""")]
    [InlineData("application/ld+json", "{}")]
    [InlineData("application/atom+xml", "<feed/>")]
    [InlineData("TEXT/CSV", "a,b")]
    [InlineData("application/octet-stream", "readme\nline 2")]
    [InlineData("application/x-javascript", "var a = 1")]
    [InlineData("application/typescript", "let a: number")]
    [InlineData("application/x-sh", "echo hi")]
    [InlineData("image/svg+xml", "<svg/>")]
    [InlineData("application/rss+xml", "<rss><channel><item><title>News</title></item></channel></rss>")]
    [InlineData(null, "just text")]
    [InlineData("text/html; charset=", "<p>x")]
    public async Task Text_is_given_as_it_is_when_it_is_not_html(string? contentType, string body)
    {
        await using var web = await TestWeb.StartAsync();

        var page = await web.ReadBodyAsync(Encoding.UTF8.GetBytes(body), contentType);

        Assert.Equal(body.Replace("<p>", "", StringComparison.Ordinal), page.Content);
        Assert.Null(page.Title);
    }

    [Theory]
    [InlineData("application/pdf", "x", "is declared as a PDF")]
    [InlineData("text/html", "%PDF-1.7", "This PDF is damaged")]
    [InlineData(null, "%PDF-1.7", "This PDF is damaged")]
    [InlineData("image/png", "x", "not text but image/png")]
    [InlineData("application/octet-stream", "\0\u0001\u0002", "not text but application/octet-stream")]
    [InlineData("text/plain", "a\0b", "not text but application/octet-stream")]
    [InlineData("application/x-thing", "\0", "not text but application/x-thing")]
    [InlineData("application/zip", "x", "not text but application/zip")]
    [InlineData(null, "PK\u0003\u0004\0\0\0", "not text but application/octet-stream")]
    public async Task Page_is_refused_with_a_clear_word_when_it_is_no_text(string? contentType, string body, string word)
    {
        await using var web = await TestWeb.StartAsync();

        var exception = await Assert.ThrowsAsync<ToolException>(() => web.ReadBodyAsync(Encoding.Latin1.GetBytes(body), contentType));

        Assert.Contains(word, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Charset_of_the_header_and_of_the_markup_are_honoured()
    {
        await using var web = await TestWeb.StartAsync();
        var russian = CodePagesEncodingProvider.Instance.GetEncoding(1251)!;

        var byHeader = await web.ReadBodyAsync(russian.GetBytes("<title>Да</title>Привет"), "text/html; charset=windows-1251");
        var byMarkup = await web.ReadBodyAsync(russian.GetBytes("<meta charset=cp1251><title>Да</title>Привет"), "text/html");

        Assert.Equal(("Да", "Привет"), (byHeader.Title, byHeader.Content));
        Assert.Equal(("Да", "Привет"), (byMarkup.Title, byMarkup.Content));
    }

    [Theory]
    [InlineData(404, "HTTP 404: it does not exist")]
    [InlineData(403, "HTTP 403: it requires signing in")]
    [InlineData(503, "HTTP 503: the site has an error")]
    [InlineData(302, "HTTP 302")]
    public async Task Failure_says_what_the_site_answered(int status, string word)
    {
        await using var web = await TestWeb.StartAsync();
        web.Server.On("/", context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });

        var exception = await Assert.ThrowsAsync<ToolException>(() => web.ReadAsync("/"));

        Assert.Contains(word, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<body><div id=root></div><script src=/app.js></script>", "", "This page is written by JavaScript")]
    [InlineData("<meta name=description content='Buys anchors.'><body><div id=root></div><script src=/app.js></script>", "Buys anchors.", "includes the page's own description")]
    [InlineData("<script type=application/ld+json>{\"name\":\"Anchor\"}</script><body><noscript>Enable JavaScript.</noscript><script src=/a.js></script>", "Enable JavaScript.\n\n{\"name\":\"Anchor\"}", "written by JavaScript")]
    [InlineData("<body> ", "", "The page has no text.")]
    [InlineData("", "", "The page is empty.")]
    public async Task Note_explains_why_there_is_no_text(string html, string content, string note)
    {
        await using var web = await TestWeb.StartAsync();

        var page = await web.ReadBodyAsync(Encoding.UTF8.GetBytes(html), "text/html");

        Assert.Equal(content, page.Content);
        Assert.Contains(note, page.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("site.test/page")]
    [InlineData("<http://site.test/page>")]
    [InlineData("http:\\\\site.test\\page")]
    [InlineData("site.test:80/page")]
    [InlineData(" `http://site.test/page` ")]
    public async Task Address_is_read_as_models_write_it(string url)
    {
        await using var web = await TestWeb.StartAsync();
        web.Server.On("/page", "there", "text/plain");

        Assert.Equal("there", (await web.ReadAsync(url)).Content);
    }

    [Fact]
    public async Task Page_is_read_when_it_is_packed_as_x_gzip()
    {
        await using var web = await TestWeb.StartAsync();
        web.Server.On("/", async context =>
        {
            context.Response.ContentType = "text/html";
            context.Response.Headers.ContentEncoding = "x-gzip";
            await using var packed = new System.IO.Compression.GZipStream(context.Response.Body, System.IO.Compression.CompressionLevel.Fastest);
            await packed.WriteAsync("<p>packed"u8.ToArray());
        });

        Assert.Equal("packed", (await web.ReadAsync("/")).Content);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("shift_jis")]
    public async Task Charset_is_found_far_down_the_head(string label)
    {
        await using var web = await TestWeb.StartAsync();
        var html = $"<html><head><!-- {new string('x', 3000)} --><meta charset={label}><title>t</title></head><body><p>日本 é</p></body></html>";
        var encoding = label == "utf-8" ? Encoding.UTF8 : CodePagesEncodingProvider.Instance.GetEncoding(932)!;

        Assert.StartsWith("日本", (await web.ReadBodyAsync(encoding.GetBytes(html), "text/html")).Content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("日本 é")]
    [InlineData("مرحبا")]
    public async Task Short_page_is_read_whatever_its_language(string text)
    {
        await using var web = await TestWeb.StartAsync();

        var page = await web.ReadBodyAsync(Encoding.UTF8.GetBytes($"<html lang=x><head><meta charset=utf-8><title>t</title></head><body><p>{text}</p></body></html>"), "text/html");

        Assert.Equal(text, page.Content);
    }
}
