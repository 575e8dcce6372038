using System.Text;
using FuncChat.Tools;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Tests.Tools.Search;

public class WebSearchTests
{
    private const string TavilyAnswer = """{"results":[{"title":"T","url":"https://tavily-found.test/","content":"c"}]}""";

    [Fact]
    public async Task First_provider_answers_alone_when_it_can()
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On("/brave", """{"web":{"results":[{"title":"B","url":"https://b.test/"}]}}""");
        bench.Web.Server.On("/tavily", TavilyAnswer);

        var results = await SearchAsync(bench);

        Assert.Equal("brave", Assert.Single(results).Provider);
        Assert.Single(bench.Web.Server.Requests);
    }

    [Fact]
    public async Task Next_provider_is_asked_when_one_fails()
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On("/tavily", TavilyAnswer);

        var results = await SearchAsync(bench);

        Assert.Equal("tavily", Assert.Single(results).Provider);
    }

    [Fact]
    public async Task Next_provider_is_asked_when_one_stalls_for_half_of_the_time()
    {
        await using var bench = await SearchBench.StartAsync();
        var asked = new TaskCompletionSource();
        bench.Web.Server.On("/brave", context =>
        {
            asked.SetResult();
            return UntilGoneAsync(context);
        });
        bench.Web.Server.On("/tavily", TavilyAnswer);

        var searching = SearchAsync(bench);
        await asked.Task;
        bench.Web.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("tavily", Assert.Single(await searching).Provider);
    }

    [Fact]
    public async Task Failure_names_every_provider_when_none_answers()
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On("/tavily", context =>
        {
            context.Response.StatusCode = 429;
            return Task.CompletedTask;
        });

        var exception = await Assert.ThrowsAsync<ToolException>(() => SearchAsync(bench));

        Assert.Equal(
            "The web search failed (brave: it returned HTTP status 404; tavily: it returned HTTP status 429 (its limit is reached)). "
            + "Try again later, or answer without it.",
            exception.Message);
    }

    [Theory]
    [InlineData("brave", "/brave")]
    [InlineData("tavily", "/tavily")]
    [InlineData("searxng", "/sub/search")]
    [InlineData("duckduckgo", "/html/")]
    public async Task Provider_is_not_asked_again_before_its_limit_is_over(string name, string path)
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On(path, context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "60";
            return Task.CompletedTask;
        });
        var provider = new[] { bench.Brave, bench.Tavily, bench.Searxng, bench.DuckDuckGo }.Single(each => each.Name == name);

        Assert.Contains("HTTP status 429 (its limit is reached)", await bench.FailAsync(provider), StringComparison.Ordinal);
        Assert.Contains($"({name}: its limit is reached)", await bench.FailAsync(provider), StringComparison.Ordinal);
        Assert.Single(bench.Web.Server.Requests);
    }

    [Theory]
    [InlineData("/brave", """{"type":"ErrorResponse","error":{"code":"INTERNAL","status":500}}""")]
    [InlineData("/brave", """{"query":{},"web":{"results":[],"error":"internal"}}""")]
    [InlineData("/tavily", """{"detail":{"error":"internal error"}}""")]
    [InlineData("/tavily", """{"results":[],"error":"internal error"}""")]
    [InlineData("/sub/search", """{"error":"internal"}""")]
    [InlineData("/sub/search", """{}""")]
    public async Task Next_provider_is_asked_when_one_returns_an_error_with_status_200(string path, string error)
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On(path, error, "application/json");
        bench.Web.Server.On("/html/", """<div class="result"><a class="result__a" href="https://d.test/">D</a></div>""");
        var provider = path switch { "/brave" => bench.Brave, "/tavily" => bench.Tavily, _ => bench.Searxng };

        var results = await bench.Search(provider, bench.DuckDuckGo).SearchAsync("kites", 1, TimeSpan.FromSeconds(10), CancellationToken.None);

        Assert.Equal("duckduckgo", Assert.Single(results).Provider);
    }

    [Fact]
    public async Task Search_is_cancelled_when_the_caller_leaves()
    {
        await using var bench = await SearchBench.StartAsync();
        using var caller = new CancellationTokenSource();
        bench.Web.Server.On("/brave", async context =>
        {
            await caller.CancelAsync();
            await UntilGoneAsync(context);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => bench.Search(bench.Brave, bench.Tavily).SearchAsync("kites", 3, TimeSpan.FromSeconds(10), caller.Token));

        Assert.Single(bench.Web.Server.Requests);
    }

    [Theory]
    [InlineData("""{"title":5,"url":"https://odd.test/","content":["x"]}""")]
    [InlineData("""{"title":"odd.test\ud83d","url":"https://odd.test/","content":"\udc00"}""")]
    public async Task Odd_fields_cost_no_other_result(string odd)
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On("/tavily", $$"""{"results":["x",{"url":7},{{odd}},{"title":"Good","url":"https://good.test/"}]}""");

        var results = await bench.FindAsync(bench.Tavily, limit: 10);

        Assert.Equal(["https://odd.test/", "https://good.test/"], results.Select(result => result.Url));
        Assert.StartsWith("odd.test", results[0].Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8", null)]
    [InlineData("utf-16", null)]
    [InlineData("iso-8859-1", "application/json; charset=iso-8859-1")]
    public async Task Answer_is_read_in_its_encoding(string encoding, string? contentType)
    {
        await using var bench = await SearchBench.StartAsync();
        var body = Encoding.GetEncoding(encoding);
        bench.Web.Server.On("/tavily", [.. body.Preamble, .. body.GetBytes("""{"results":[{"title":"Größe","url":"https://a.test/"}]}""")], contentType);

        Assert.Equal("Größe", Assert.Single(await bench.FindAsync(bench.Tavily)).Title);
    }

    [Fact]
    public async Task Description_keeps_the_meaning_of_its_markup()
    {
        const string Title = "10<sup>6</sup> kites: &lt;div&gt;";
        const string Description = "2<sup>10</sup> &amp; <b>more</b><br>Now <s>9</s> <a href='https://b.test/'>8</a>, List&lt;String&gt;";
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On("/brave", $$$"""{"web":{"results":[{"title":"{{{Title}}}","url":"https://a.test/","description":"{{{Description}}}"}]}}""");
        bench.Web.Server.On("/html/", $"""<div class="result"><a class="result__a" href="https://a.test/">{Title}</a><p class="result__snippet">{Description}</p></div>""");

        foreach (var provider in new[] { bench.Brave, bench.DuckDuckGo })
        {
            var result = Assert.Single(await bench.FindAsync(provider));

            Assert.Equal(("10⁶ kites: <div>", "2¹⁰ & more Now ~~9~~ 8, List<String>"), (result.Title, result.Description));
        }
    }

    [Fact]
    public async Task Plain_text_keeps_what_looks_like_markup()
    {
        const string Title = "<div>: The &nbsp; entity";
        const string Description = "Use List<String>\\n if a<b && c>d";
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On("/tavily", $$$"""{"results":[{"title":"{{{Title}}}","url":"https://a.test/","content":"{{{Description}}}"}]}""");
        bench.Web.Server.On("/sub/search", $$$"""{"results":[{"title":"{{{Title}}}","url":"https://a.test/","content":"{{{Description}}}"}]}""");

        foreach (var provider in new[] { bench.Tavily, bench.Searxng })
        {
            var result = Assert.Single(await bench.FindAsync(provider));

            Assert.Equal((Title, "Use List<String> if a<b && c>d"), (result.Title, result.Description));
        }
    }

    [Fact]
    public async Task Results_are_web_pages_each_once_and_of_bounded_length()
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On("/brave", $$$"""
            {"web":{"results":[
              {"title":"","url":"https://a.test/","description":"{{{new string('x', 5000)}}}"},
              {"title":"again","url":"HTTPS://A.test","description":""},
              {"title":"script","url":"javascript:alert(1)","description":""},
              {"title":"none","url":null,"description":""},
              {"title":"relative","url":"/x","description":""},
              {"title":"<img src=x onerror=alert(1)>&lt;b&gt;","url":"http://b.test/","description":"a\u0000b"}
            ]}}
            """);

        var results = await bench.FindAsync(bench.Brave, limit: 10);

        Assert.Equal(["https://a.test/", "http://b.test/"], results.Select(result => result.Url));
        Assert.Equal(["a.test", "<b>"], results.Select(result => result.Title));
        Assert.Equal(1000, results[0].Description.Length);
    }

    private static Task<IReadOnlyList<FuncChat.Tools.Search.SearchResult>> SearchAsync(SearchBench bench) =>
        bench.Search(bench.Brave, bench.Tavily).SearchAsync("kites", 3, TimeSpan.FromSeconds(10), CancellationToken.None);

    private static Task UntilGoneAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        context.RequestAborted.Register(gone.SetResult);
        return gone.Task;
    }
}
