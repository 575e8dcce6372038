using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Tests.Tools.Search;

public class BraveSearchTests
{
    // The fields of the documented answer that matter here, and some that don't.
    private const string Answer = """
        {
          "type": "search",
          "query": { "original": "kites", "is_navigational": false, "more_results_available": false },
          "mixed": { "type": "mixed", "main": [{ "type": "web", "index": 0, "all": false }] },
          "web": {
            "type": "search",
            "results": [
              {
                "title": "Kite &amp; wind", "url": "https://kites.test/a?b=1&c=2", "is_source_local": false,
                "description": "A <strong>kite</strong> is a\n tethered craft.", "page_age": "2026-01-01T00:00:00",
                "profile": { "name": "Kites" }, "language": "en", "family_friendly": true, "type": "search_result",
                "meta_url": { "scheme": "https", "hostname": "kites.test" }, "extra_snippets": ["x"]
              },
              { "title": "Second", "url": "https://two.test/", "type": "search_result" }
            ],
            "family_friendly": true
          }
        }
        """;

    [Fact]
    public async Task Results_are_read_from_the_documented_answer()
    {
        await using var bench = await SearchBench.StartAsync();
        IHeaderDictionary? headers = null;
        bench.Web.Server.On("/brave", context =>
        {
            headers = new HeaderDictionary(context.Request.Headers.ToDictionary());
            return context.Response.WriteAsync(Answer);
        });

        var results = await bench.FindAsync(bench.Brave, "kites & wind?", limit: 7);

        Assert.Equal(
            [
                new("Kite & wind", "https://kites.test/a?b=1&c=2", "A kite is a tethered craft.", "brave"),
                new("Second", "https://two.test/", "", "brave"),
            ], results);
        Assert.Equal("brave-key", headers?["X-Subscription-Token"]);
        Assert.Equal("/brave?q=kites%20%26%20wind%3F&count=7&offset=0&text_decorations=false", bench.Web.Server.Requests.Single());
    }

    [Fact]
    public async Task Further_pages_are_asked_for_when_one_is_not_enough()
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On("/brave", context => context.Response.WriteAsync(PageOf20(context)));

        var results = await bench.FindAsync(bench.Brave, limit: 50);

        Assert.Equal(50, results.Count);
        Assert.Equal(3, bench.Web.Server.Requests.Count);
        Assert.Equal("https://kites.test/2-9", results[^1].Url);
    }

    [Fact]
    public async Task Results_so_far_are_kept_when_a_further_page_fails()
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On("/brave", context =>
        {
            context.Response.StatusCode = context.Request.Query["offset"] == "0" ? 200 : 429;
            return context.Response.WriteAsync(PageOf20(context));
        });

        Assert.Equal(20, (await bench.FindAsync(bench.Brave, limit: 50)).Count);
    }

    [Fact]
    public async Task No_further_page_is_asked_for_when_one_is_empty()
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On("/brave", context => context.Response.WriteAsync("""{"query":{"more_results_available":true},"mixed":{}}"""));

        Assert.Empty(await bench.FindAsync(bench.Brave));

        Assert.Single(bench.Web.Server.Requests);
    }

    [Theory]
    [InlineData(401, "access refused")]
    [InlineData(403, "access refused")]
    [InlineData(429, "its limit is reached")]
    [InlineData(500, "HTTP status 500")]
    [InlineData(302, "HTTP status 302")]
    public async Task Failure_says_why_and_holds_no_key(int status, string word)
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On("/brave", context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "http://evil.test/";
            return context.Response.WriteAsync("your key brave-key is bad");
        });

        var message = await bench.FailAsync(bench.Brave);

        Assert.Contains(word, message, StringComparison.Ordinal);
        Assert.DoesNotContain("key", message, StringComparison.Ordinal);
        Assert.Single(bench.Web.Server.Requests);
    }

    [Theory]
    [InlineData("SUBSCRIPTION_TOKEN_INVALID", "HTTP status 422 (access refused))")]
    [InlineData("VALIDATION", "HTTP status 422)")]
    public async Task Failure_says_whether_the_key_is_wrong(string code, string words)
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On("/brave", context =>
        {
            context.Response.StatusCode = 422;
            return context.Response.WriteAsync($$$"""{"type":"ErrorResponse","error":{"code":"{{{code}}}","status":422}}""");
        });

        Assert.Contains(words, await bench.FailAsync(bench.Brave), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("""{"web":[]}""")]
    [InlineData("""{"web":{"results":[{"url":7}]}}""")]
    public async Task Failure_says_so_when_the_answer_has_another_form(string answer)
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On("/brave", answer, "application/json");

        Assert.Contains("does not have the documented format", await bench.FailAsync(bench.Brave), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_found_when_the_answer_has_no_web_results()
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On("/brave", """{"type":"search","query":{"original":"x"}}""", "application/json");

        Assert.Empty(await bench.FindAsync(bench.Brave));
    }

    private static string PageOf20(HttpContext context)
    {
        var offset = context.Request.Query["offset"].ToString();
        var results = Enumerable.Range(0, 20).Select(i => string.Create(
            CultureInfo.InvariantCulture, $$"""{"title":"{{i}}","url":"https://kites.test/{{offset}}-{{i}}","description":"d"}"""));
        return $$$"""{"query":{"more_results_available":true},"web":{"results":[{{{string.Join(',', results)}}}]}}""";
    }
}
