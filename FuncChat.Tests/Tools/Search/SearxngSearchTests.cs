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

        Assert.Contains("none of its engines answered", await bench.FailAsync(bench.Searxng), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_and_infoboxes_are_results_too()
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On("/sub/search", context => context.Response.WriteAsync("""
            {
              "results": [], "unresponsive_engines": [["google", "timeout"]],
              "answers": [{ "answer": "42 km", "url": "https://answer.test/" }, "a text"],
              "infoboxes": [{ "infobox": "Tide", "content": "Rise and fall", "urls": [{ "title": "W", "url": "https://tide.test/" }] }, { "infobox": "None" }]
            }
            """));

        Assert.Equal(
            [new("42 km", "https://answer.test/", "42 km", "searxng"), new("Tide", "https://tide.test/", "Rise and fall", "searxng")],
            await bench.FindAsync(bench.Searxng));
    }

    [Fact]
    public async Task Odd_answers_and_infoboxes_are_left_out()
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On(
            "/sub/search",
            """
            {
              "results": [{ "url": "https://same.test/", "title": "Same" }], "unresponsive_engines": "none",
              "answers": [5, { "answer": "42 km\ud83d", "url": "https://answer.test/" }, { "answer": 5, "url": "https://none.test/" }],
              "infoboxes": [7, { "infobox": "Tide", "urls": "none" }, { "infobox": "Ebb", "content": 5, "urls": [{}, { "url": "https://ebb.test/" }] }]
            }
            """,
            "application/json");

        Assert.Equal(
            [new("42 km\uFFFD", "https://answer.test/", "42 km\uFFFD", "searxng"), new("Ebb", "https://ebb.test/", "", "searxng"), new("Same", "https://same.test/", "", "searxng")],
            await bench.FindAsync(bench.Searxng));
    }

    [Fact]
    public async Task Failure_explains_what_to_allow_when_json_is_refused()
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On("/sub/search", context =>
        {
            context.Response.StatusCode = 403;
            return Task.CompletedTask;
        });

        Assert.Contains("HTTP status 403 (access refused); its settings.yml must list json under search.formats", await bench.FailAsync(bench.Searxng), StringComparison.Ordinal);
    }
}
