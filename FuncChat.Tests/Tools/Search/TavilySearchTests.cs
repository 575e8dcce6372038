using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Tests.Tools.Search;

public class TavilySearchTests
{
    [Fact]
    public async Task Results_are_read_from_the_documented_answer()
    {
        await using var bench = await SearchBench.StartAsync();
        JsonNode? asked = null;
        string? authorization = null;
        bench.Web.Server.On("/tavily", async context =>
        {
            authorization = context.Request.Headers.Authorization;
            asked = await JsonNode.ParseAsync(context.Request.Body);
            await context.Response.WriteAsync("""
                {
                  "query": "kites", "answer": null, "follow_up_questions": null, "images": [], "response_time": 1.67,
                  "results": [
                    { "title": "Kites", "url": "https://kites.test/", "content": "A kite is…", "score": 0.81, "raw_content": null, "favicon": "x" }
                  ],
                  "request_id": "123"
                }
                """);
        });

        var results = await bench.FindAsync(bench.Tavily, "kites \"quoted\"", limit: 50);

        Assert.Equal([new("Kites", "https://kites.test/", "A kite is…", "tavily")], results);
        Assert.Equal("Bearer tavily-key", authorization);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"query":"kites \"quoted\"","max_results":20}"""), asked), asked?.ToJsonString());
    }

    [Fact]
    public async Task Results_that_are_null_are_left_out()
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On("/tavily", """{"results":[null,{"title":"Kites","url":"https://kites.test/"},null]}""", "application/json");
        bench.Web.Server.On("/brave", """{"web":{"results":[null,{"title":"Kites","url":"https://kites.test/"}]}}""", "application/json");
        bench.Web.Server.On("/sub/search", """{"answers":[null],"infoboxes":[null,{"infobox":"x","urls":[null]}],"results":[null,{"title":"Kites","url":"https://kites.test/"}]}""", "application/json");

        foreach (var provider in new[] { bench.Tavily, bench.Brave, bench.Searxng })
            Assert.Equal("https://kites.test/", Assert.Single(await bench.FindAsync(provider)).Url);
    }

    [Theory]
    [InlineData(401, "access refused")]
    [InlineData(432, "its limit is reached")]
    [InlineData(433, "its limit is reached")]
    public async Task Failure_says_why_and_holds_no_key(int status, string word)
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On("/tavily", context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync("""{"detail":{"error":"tavily-key"}}""");
        });

        var message = await bench.FailAsync(bench.Tavily);

        Assert.Contains(word, message, StringComparison.Ordinal);
        Assert.DoesNotContain("key", message, StringComparison.Ordinal);
    }
}
