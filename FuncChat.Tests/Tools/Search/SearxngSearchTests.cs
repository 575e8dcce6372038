using Microsoft.AspNetCore.Http;

namespace FuncChat.Tests.Tools.Search;

public class SearxngSearchTests
{
    [Fact]
    public async Task Results_are_read_from_the_documented_answer_page_by_page()
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On("/sub/search", context => context.Response.WriteAsync($$"""
            {
              "query": "kites", "number_of_results": 0, "answers": [], "corrections": [], "infoboxes": [], "suggestions": [],
              "results": [
                {
                  "url": "https://kites.test/{{context.Request.Query["pageno"]}}", "title": "Kites", "content": "A kite is…", "thumbnail": null,
                  "engine": "brave", "template": "default.html", "parsed_url": ["https", "kites.test", "/", "", "", ""],
                  "engines": ["brave"], "positions": [1], "score": 1.0, "category": "general", "publishedDate": null
                },
                { "url": "https://same.test/", "title": "Same", "content": null }
              ],
              "unresponsive_engines": [["google", "timeout"]]
            }
            """));

        var results = await bench.FindAsync(bench.Searxng, limit: 3);

        Assert.Equal(
            [
                new("Kites", "https://kites.test/1", "A kite is…", "searxng"),
                new("Same", "https://same.test/", "", "searxng"),
                new("Kites", "https://kites.test/2", "A kite is…", "searxng"),
            ], results);
        Assert.Equal(
            ["/sub/search?q=kites&format=json&pageno=1", "/sub/search?q=kites&format=json&pageno=2"], bench.Web.Server.Requests);
    }

    [Fact]
    public async Task Asking_ends_when_every_page_is_the_same()
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On("/sub/search", """{"results":[{"url":"https://same.test/","title":"Same"}]}""", "application/json");

        Assert.Single(await bench.FindAsync(bench.Searxng, limit: 50));

        Assert.Equal(5, bench.Web.Server.Requests.Count);
    }

    [Fact]
    public async Task Failure_says_so_when_no_engine_answered()
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On("/sub/search", """{"results":[],"unresponsive_engines":[["google","Suspended: CAPTCHA"]]}""", "application/json");

        Assert.Contains("none of the engines behind it answered", await bench.FailAsync(bench.Searxng), StringComparison.Ordinal);
    }
}
