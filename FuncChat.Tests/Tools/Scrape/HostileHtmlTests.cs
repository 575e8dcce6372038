using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using FuncChat.Tools.Scrape;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Tools.Scrape;

public class HostileHtmlTests
{
    private static readonly Uri Url = new("https://site.test/");

    [Theory]
    [InlineData("deep", "<div>", 2_000)]
    [InlineData("60,000 deep", "<div>", 60_000)]
    [InlineData("60,000 deep with attributes", "<section class='a>b' id=x>", 60_000)]
    [InlineData("formatting of many kinds", "<b><i><u><tt><em><a>", 10_000)]
    [InlineData("deep lists", "<ul><li>", 300)]
    [InlineData("deep quotes in links", "<a href=/x><blockquote>", 500)]
    [InlineData("deep tables", "<table><tr><td>", 300)]
    [InlineData("deep formatting", "<b><i><u>", 300)]
    [InlineData("deep formatting of many kinds", "<b><font size=1><p>", 300)]
    [InlineData("wide", "<br>", 50_000)]
    [InlineData("wide row", "<table><tr><td>", 1, "<td>x", 20_000, "</table>")]
    [InlineData("raised text", "<p>", 1, "1<b style='vertical-align:super'>2</b>", 20_000, " ")]
    [InlineData("deep raised text", "<b style='vertical-align:super'><div>", 300)]
    [InlineData("rows of code", "<table>", 1, "<tr><td class=blob-code>x", 20_000, "</table>")]
    [InlineData("deep tables of code", "<table><tr><td class=blob-code>x", 100, "</table>", 100, "<p>")]
    [InlineData("line breaks", "<p style='white-space:pre-line'>", 1, "\n", 200_000)]
    [InlineData("deep lines", "<div style='white-space:pre'>\n<b>", 200, "x\n", 10_000, "<p>")]
    [InlineData("blocks of code", "<p>", 1, "<p style='white-space:pre'>a\nb", 20_000, "<p>")]
    [InlineData("tables of code", "<p>", 1, "<table><tr><td class=blob-code>x</table>", 20_000, "<p>")]
    [InlineData("deep text that screen readers skip", "<div aria-hidden=true>x", 200, "</div>", 200)]
    [InlineData("shadow roots", "<p>", 1, "<x-a><template shadowrootmode=open><slot>x</slot></template>y</x-a>", 10_000, "<p>")]
    [InlineData("deep shadow roots", "<x-a><template shadowrootmode=open><slot></slot><i>", 200, "</i></template>y</x-a>", 200)]
    [InlineData("shadow roots that nothing ends", "<x-a><template shadowrootmode=open><slot></slot>", 20, "", 0, "</template>")]
    [InlineData("slots", "<x-a><template shadowrootmode=open>", 1, "<slot>x</slot>", 20_000, "</template></x-a>")]
    [InlineData("long attribute", "<p class='", 1, "x", 1_000_000, "'>")]
    [InlineData("long space", "<p>", 1, " ", 200_000)]
    [InlineData("control characters", "<p>\0\u0001\u001B[31m\uFFFE &#0; &#x110000; &#xD800;", 1)]
    public async Task Page_is_read_when_its_markup_is_hostile(
        string attack, string start, int starts, string middle = "", int middles = 0, string end = "")
    {
        var html = Repeat(start, starts) + Repeat(middle, middles) + end + "text";

        var markdown = (await HtmlArticle.ReadAsync(html, Url, CancellationToken.None)).Markdown;

        var isRead = markdown.EndsWith("text", StringComparison.Ordinal) || markdown.EndsWith("[text](https://site.test/x)", StringComparison.Ordinal);
        Assert.True(isRead, attack);
    }

    /// <summary>Steps of the parser that no token ends: without a bound, each takes minutes or more, and keeps the place of the page.</summary>
    [Theory]
    [InlineData("<pre class='{0}'>text</pre>")]
    [InlineData("<style>.z{{display:none}}</style><p><i class='{0}'>text</i>")]
    [InlineData("<div><template shadowrootmode=open><style>.z{{display:none}}</style><p><i class='{0}'>more</i></template></div><p>text")]
    [InlineData("<template><p class='{0}'>more</p></template><link rel='{0}' href=/x><p x=a'b>text")]
    public async Task Page_is_read_when_an_element_has_very_many_names(string page)
    {
        var html = string.Format(CultureInfo.InvariantCulture, page, string.Join(' ', Enumerable.Range(0, 700_000).Select(number => number.ToString("x", CultureInfo.InvariantCulture))));

        Assert.Contains("text", (await HtmlArticle.ReadAsync(html, Url, CancellationToken.None)).Markdown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("var t='<title>x</title>'; s=s.split(/</, 2);")]
    [InlineData("var t='<title>x</title>'; if(a<!b)go();")]
    [InlineData("w.document.write('<style>p{}</style>'); w.document.write('<!--[if IE]>x')")]
    public async Task Page_is_read_when_a_script_holds_markup(string script)
    {
        var article = await HtmlArticle.ReadAsync($"<head><script>{script}</script></head><body><p>text</p>", Url, CancellationToken.None);

        Assert.Equal("text", article.Markdown);
    }

    [Theory]
    [InlineData("a<!---->")]
    [InlineData("a<!x>")]
    [InlineData("a<?x>")]
    [InlineData("a</1>")]
    public void Page_is_too_large_when_it_has_very_many_comments(string comment)
    {
        Assert.Throws<ToolException>(() => HtmlDocuments.Parse($"<p>{Repeat(comment, 200_000)}", CancellationToken.None));
        Assert.Equal(10_000, HtmlDocuments.Parse($"<p>{Repeat(comment, 10_000)}", CancellationToken.None).Body!.TextContent.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<frameset><frame src=/x></frameset>")]
    [InlineData("<p <a href=' <table <!-- <title> text<<<<")]
    [InlineData("<svg><foreignObject><math><mtext>")]
    public async Task Nothing_is_read_when_there_is_nothing_to_read(string html)
    {
        var article = await HtmlArticle.ReadAsync(html, Url, CancellationToken.None);

        Assert.Equal((null, ""), (article.Title, article.Markdown));
    }

    /// <summary>Each pattern that reads page text takes time in proportion to it, so none ends by its time limit.</summary>
    [Fact]
    public void No_pattern_over_page_text_backtracks()
    {
        var patterns = typeof(HtmlArticle).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(HtmlArticle).Namespace)
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(method => method.ReturnType == typeof(Regex) && method.GetParameters().Length == 0)
            .ToDictionary(method => $"{method.DeclaringType!.Name}.{method.Name}", method => (Regex)method.Invoke(null, null)!);

        Assert.Contains("InlineStyle.Inset", patterns.Keys);
        Assert.All(patterns, pattern =>
        {
            Assert.True(pattern.Value.Options.HasFlag(RegexOptions.NonBacktracking), pattern.Key);
            Assert.False(pattern.Value.ToString().Contains(@"\d", StringComparison.Ordinal), $"{pattern.Key} must match the digits 0 to 9 only");
        });
    }

    [Theory]
    [InlineData("clip-path:inset(", "1", 200)]
    [InlineData("clip-path:inset(", "1", 4_000)]
    [InlineData("clip-path:inset(", "1.1 ", 1_000)]
    [InlineData("filter:opacity(", " ", 4_000)]
    [InlineData("filter:", "opacity(", 500)]
    [InlineData("color:rgb(١,١,١);background:red", "", 0)]
    [InlineData("color:rgb(٩٩٩ ٩ ٩);background-color:#fff", "", 0)]
    [InlineData("opacity:١;font:١px a;zoom:١%;text-indent:-١px", "", 0)]
    [InlineData("color:#١١١١", "", 0)]
    [InlineData("opacity:1e", "9", 4_000)]
    [InlineData(@"\ffffff \d800 \0 \١", "", 0)]
    public async Task Page_is_read_when_a_style_is_hostile(string start, string middle, int middles)
    {
        var style = start + Repeat(middle, middles);

        var inline = await HtmlArticle.ReadAsync($"<p>a</p><p style='{style}'>text</p>", Url, CancellationToken.None);
        var sheet = await HtmlArticle.ReadAsync($"<style>.x {{ {style} }}</style><p>a</p><p class=x>text</p>", Url, CancellationToken.None);

        Assert.Equal(("a\n\ntext", "a\n\ntext"), (inline.Markdown, sheet.Markdown));
    }

    [Theory]
    [InlineData("<mfrac>", "<mn>1</mn>")]
    [InlineData("<mfrac>", "</mn>")]
    [InlineData("<div/>", "")]
    [InlineData("<i id=1>", "</b>")]
    [InlineData("<i id=1>", "<b>x</b>")]
    public void No_more_elements_are_open_than_allowed_whatever_ends_others(string start, string rest)
    {
        var (html, isCut) = MarkupBudget.Apply(Repeat(start + rest, 20_000), HtmlDocuments.MaxElements, CancellationToken.None);

        Assert.Equal((500, false), (html.Split(start).Length - 1, isCut));
    }

    [Fact]
    public void Elements_are_kept_when_they_end_or_end_each_other()
    {
        const string Markup = "<div><span>x</span></div><svg><path/></svg><a name=x>y";

        Assert.Equal(Repeat(Markup, 2_000), MarkupBudget.Apply(Repeat(Markup, 2_000), HtmlDocuments.MaxElements, CancellationToken.None).Html);
    }

    [Fact]
    public void Counting_of_elements_ends_when_the_time_is_up()
    {
        using var time = new CancellationTokenSource();
        time.Cancel();

        Assert.Throws<OperationCanceledException>(() => MarkupBudget.Apply("<!--<b><b>", 10, time.Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Parsing_fails_as_a_tool_and_logs_no_page_text_when_the_parser_throws(bool atOnce)
    {
        using var logs = new LogLines();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(logs));
        var budget = new ParseBudget(factory.CreateLogger<ParseBudget>());

        var exception = await Assert.ThrowsAsync<ToolException>(() => budget.RunAsync<int>(
            async _ =>
            {
                if (!atOnce)
                    await Task.Yield();
                throw new FormatException("SECRET of the page");
            },
            "user",
            TimeProvider.System,
            CancellationToken.None));

        Assert.Equal("The page's markup can't be read: look for another source.", exception.Message);
        Assert.Contains("Error 1305: The parser of a page failed with FormatException.", logs.All, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", logs.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parsing_is_canceled_when_the_caller_cancels()
    {
        var budget = new ParseBudget(NullLogger<ParseBudget>.Instance);
        using var caller = new CancellationTokenSource();
        var parsing = budget.RunAsync<int>(
            async token =>
            {
                await caller.CancelAsync();
                token.ThrowIfCancellationRequested();
                return 1;
            },
            "user",
            TimeProvider.System,
            caller.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => parsing);
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

    /// <summary>Each paragraph opens all formatting again, which made gigabytes of 123 KB.</summary>
    [Theory]
    [InlineData("<b id={0}>", 2_000, "<p>x</p>", 12_800)]
    [InlineData("<font size={0}>", 400, "<p>x</p>", 50_000)]
    [InlineData("<a name={0}>", 2_000, "<div><p>x</div>", 60_000)]
    [InlineData("", 1, "<i><p>", 800_000)]
    [InlineData("", 1, "<a>", 1_500_000)]
    [InlineData("<table>", 1, "<b><tr><td>x", 100_000)]
    [InlineData("", 1, "<br>", 1_000_000)]
    public void Memory_is_bounded_when_the_markup_creates_elements_without_end(string opening, int openings, string paragraph, int paragraphs)
    {
        var html = "<p>" + string.Concat(Enumerable.Range(0, openings).Select(i => opening.Replace("{0}", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)))
            + Repeat(paragraph, paragraphs);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var document = HtmlDocuments.Parse(html, CancellationToken.None, out var isCut);

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(isCut);
        Assert.InRange(document.All.Length, 1, HtmlDocuments.MaxElements + 3);
        Assert.InRange(allocated, 0, 250L * 1024 * 1024);
    }

    /// <summary>Few bytes stand for a long text: each link has the whole base address, each line the indentation of its lists.</summary>
    [Theory]
    [InlineData("long base", "<base href='http://x.test/{0}'>", 5_000, "<a href=b>y</a> ", 20_000)]
    [InlineData("long query of the base", "<base href='http://x.test/?{0}'>", 5_000, "<a href='b'>y</a> ", 20_000)]
    [InlineData("base of the longest address", "<base href='http://x.test/{0}'>", 1_000, "<a href=b>y</a> ", 90_000)]
    [InlineData("base of letters that are escaped", "<base href='http://x.test/{0}语语语语'>", 500, "<a href=b>y</a> ", 90_000)]
    [InlineData("base in an article", "<base href='http://x.test/{0}'><article>", 50_000, "<p>A sentence, with words, that is long enough for an article. <a href=b>y</a>", 2_000)]
    [InlineData("long link", "<a href='http://x.test/{0}'>y</a>", 5_000, "<p>x", 1)]
    [InlineData("deep lists", "<ol start=-999999999><li>a<ol start=-999999999><li>b<ol start=-999999999><li>c<ol start=-999999999><li>d<ol start=-999999999><li>e<ol start=-999999999><li>f<ol start=-999999999><li>g", 1, "<p>x", 99_000)]
    [InlineData("refresh", "<meta http-equiv=refresh content='9;url=http://x.test/{0}'>", 50_000, "<p>x", 1)]
    public async Task Text_is_bounded_when_short_markup_stands_for_a_long_one(string attack, string start, int parts, string rest, int times)
    {
        var html = start.Replace("{0}", Repeat("a/", parts), StringComparison.Ordinal) + Repeat(rest, times);

        var article = await HtmlArticle.ReadAsync(html, Url, CancellationToken.None);

        Assert.True(article.Markdown.Length is > 0 and <= 10_020_000, $"{attack}: {article.Markdown.Length}");
        Assert.True((article.Note ?? "").Length < 3_000, attack);
        Assert.DoesNotContain(Repeat("a/", 2_000), article.Markdown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_has_no_relative_links_when_a_redirect_led_to_a_long_address()
    {
        var article = await HtmlArticle.ReadAsync("<a href=b>y</a> <a href='https://a.test/'>z</a>", new Uri("https://site.test/" + Repeat("a/", 5_000)), CancellationToken.None);

        Assert.Equal("y [z](https://a.test/)", article.Markdown);
    }

    [Fact]
    public void Text_of_a_writer_ends_at_the_largest_offset()
    {
        var text = new MarkdownText();
        for (var i = 0; i < 20; i++)
            text.AppendVerbatim(new string('x', 1_000_000));

        Assert.Equal((true, 10_020_000), (text.IsFull, text.ToString().Length));
    }

    [Theory]
    [InlineData("<p {0}>x</p>", " a{0}", 400_000, 1)]
    [InlineData("<p {0}>x</p>", " a{0}='>'", 200_000, 1)]
    [InlineData("<p {0}", " a{0}", 400_000, 1)]
    [InlineData("<p {0}>x</p>", " a{0}", 300, 1_500)]
    [InlineData("<p {0}>x</p>", " a{0}", 60_000, 10)]
    public void Memory_is_bounded_when_the_markup_has_attributes_without_end(string element, string attribute, int attributes, int times)
    {
        var html = "<p>first" + Repeat(element.Replace("{0}", string.Concat(Enumerable.Range(0, attributes).Select(i => attribute.Replace("{0}", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))), StringComparison.Ordinal), times);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var text = TextOrRefusal(html);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 450L * 1024 * 1024);
        Assert.Contains("first", text, StringComparison.Ordinal);
    }

    /// <summary>The parser sees more tags than the budget that reads the markup first: what is one tag, comment or text for that one ends earlier here.</summary>
    [Theory]
    [InlineData("<p '>", "<p '>")]
    [InlineData("<p =\">", "<p =\">")]
    [InlineData("<!-->", "-->")]
    [InlineData("<!--x--!>", "-->")]
    [InlineData("<svg><style>", "</style>")]
    [InlineData("<math><title>", "</title>")]
    public void Memory_is_bounded_when_the_markup_hides_its_tags_from_the_budget(string start, string end)
    {
        var html = "<p>first" + start + string.Concat(Enumerable.Range(0, 400).Select(i => $"<b id={i}>")) + Repeat("<p>x</p>", 20_000) + end;
        var before = GC.GetAllocatedBytesForCurrentThread();

        var text = TextOrRefusal(html);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 450L * 1024 * 1024);
        Assert.Contains("first", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Memory_is_bounded_when_long_rules_apply_to_each_element()
    {
        var rules = string.Concat(Enumerable.Range(0, 30).Select(i => $"p{{color:red;{Repeat($"x{i}:y;", 1_600)}}}"));
        var html = $"<style>{rules}</style>" + string.Concat(Enumerable.Range(0, 1_000).Select(i => $"<p style='a:{i}'>x"));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var reading = HtmlArticle.ReadAsync(html, Url, CancellationToken.None);

        // Other tests allocate at the same time, on other threads.
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(reading.IsCompletedSuccessfully);
        Assert.InRange(allocated, 0, 700L * 1024 * 1024);
        await reading;
    }

    private static string TextOrRefusal(string html)
    {
        try
        {
            return HtmlDocuments.Parse(html, CancellationToken.None).Body!.TextContent;
        }
        catch (ToolException refusal)
        {
            Assert.Equal("The page's markup is too large to read: look for another source.", refusal.Message);
            return "first";
        }
    }

    [Fact]
    public async Task Page_is_read_in_part_when_it_has_too_many_elements()
    {
        var article = await HtmlArticle.ReadAsync($"<p>first{Repeat("<p>more</p>", 200_000)}", Url, CancellationToken.None);

        Assert.StartsWith("first", article.Markdown, StringComparison.Ordinal);
        Assert.Equal("The page has more than 100,000 elements; only the first ones were read.", article.Note);
    }

    [Fact]
    public async Task Parsing_returns_its_result_when_it_ends_before_it_is_waited_for()
    {
        var budget = new ParseBudget(NullLogger<ParseBudget>.Instance);

        for (var i = 0; i < 10_000; i++)
            Assert.Equal(i, await budget.RunAsync(_ => Task.FromResult(i), "user", TimeProvider.System, CancellationToken.None));
    }

    [Fact]
    public async Task Parsing_waits_for_its_place_when_others_are_parsed()
    {
        var budget = new ParseBudget(NullLogger<ParseBudget>.Instance);
        var clock = new FakeTimeProvider();
        using var release = new SemaphoreSlim(0);
        var started = new SemaphoreSlim(0);
        var running = Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount, 2, 8)).Select(_ => budget.RunAsync(async _ =>
        {
            started.Release();
            await release.WaitAsync(CancellationToken.None);
            return 1;
        }, "user", clock, CancellationToken.None)).ToList();
        foreach (var _ in running)
            await started.WaitAsync();

        var waiting = budget.RunAsync(_ => Task.FromResult(2), "other", clock, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(10));
        foreach (var one in running)
            await Assert.ThrowsAsync<ToolException>(() => one);
        // Their parsers have not stopped yet.
        Assert.False(waiting.IsCompleted);

        release.Release(running.Count);
        Assert.Equal(2, await waiting);
    }

    [Fact]
    public async Task Parsing_of_another_user_comes_first_when_one_user_has_all_places()
    {
        var budget = new ParseBudget(NullLogger<ParseBudget>.Instance);
        using var release = new SemaphoreSlim(0);
        var running = Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount, 2, 8) + 1).Select(_ => budget.RunAsync(async _ =>
        {
            await release.WaitAsync(CancellationToken.None);
            return 1;
        }, "user", TimeProvider.System, CancellationToken.None)).ToList();
        var other = budget.RunAsync(_ => Task.FromResult(2), "other", TimeProvider.System, CancellationToken.None);

        release.Release();

        Assert.Equal(2, await other);
        release.Release(running.Count);
        await Task.WhenAll(running);
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
