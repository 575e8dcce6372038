using System.Net;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Searches;

public sealed class SearchOverHttpTests : IAsyncLifetime
{
    private const string Path = "api/search";
    private const string Body = """{"queries":["tides","moon"],"turn_id":"turn-0001"}""";

    private readonly TemporaryFolder _folder = new();
    private ScriptedWebServer _web = null!;
    private LocalServer _server = null!;

    private HttpClient Http => _server.Http;

    public async Task InitializeAsync()
    {
        _web = await ScriptedWebServer.StartAsync();
        _web.On("/search", $$"""{"results":[{"url":"{{_web.Url}}page?utm_source=x","title":"Tides","content":"About tides"}]}""", "application/json");
        _web.On("/page", "The sea rises: 世界 🌊.", "text/plain; charset=utf-8");
        _server = await LocalServer.StartAsync(
            _folder.Path, settings: [
                ("SEARXNG_URL", _web.Url.AbsoluteUri), ("FuncChat:Web:AllowedPrivateHosts", _web.Url.Authority), ("FuncChat:Turns:MaxPerUser", "1")]);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _web.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Search_streams_what_it_finds_and_is_followed_again_like_a_chat()
    {
        await using var stream = await TurnStream.PostAsync(Http, Body, Path);
        var events = await stream.ToEndAsync();

        Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("turn-0001", stream.Response.Headers.GetValues("X-Turn-Id").Single());
        Assert.Equal(["search_start", "search_result", "search_result", "complete"], events.Select(e => e.Name));
        var page = events[1].Data.GetProperty("results")[0];
        Assert.Equal(($"{_web.Url}page", "The sea rises: 世界 🌊."), (page.GetProperty("url").GetString(), page.GetProperty("content").GetString()));
        Assert.Single(_web.Requests, request => request.StartsWith("/page", StringComparison.Ordinal));

        await using var rest = await TurnStream.FollowAsync(Http, "turn-0001", 3);
        Assert.Equal(events[^1].Raw, Assert.Single(await rest.ToEndAsync()).Raw);
        await using var same = await TurnStream.PostAsync(Http, Body, Path);
        Assert.Equal(SseEvent.Join(events), SseEvent.Join(await same.ToEndAsync()));
        using var stopped = await Http.DeleteAsync("api/chat/turn-0001");
        Assert.Equal(HttpStatusCode.NoContent, stopped.StatusCode);
    }

    [Fact]
    public async Task Search_is_stopped_like_a_chat_and_counts_among_the_turns_of_its_user()
    {
        var asked = new ManualSignal();
        var left = new ManualSignal();
        _web.On("/search", async context =>
        {
            context.RequestAborted.Register(left.Set);
            asked.Set();
            await left.WaitAsync();
        });
        await using var stream = await TurnStream.PostAsync(Http, Body, Path);
        await asked.WaitAsync();

        var beyond = await Problem.OfPostAsync(Http, Path, """{"query":"tides"}""");
        using var stopped = await Http.DeleteAsync("api/chat/turn-0001");

        Assert.Equal((HttpStatusCode.TooManyRequests, "RATE_LIMITED"), (beyond.Status, beyond.Code));
        Assert.Equal(HttpStatusCode.NoContent, stopped.StatusCode);
        await left.WaitAsync();
        Assert.Equal("CANCELLED", (await stream.ToEndAsync())[^1].Text("code"));
    }

    [Theory]
    [InlineData("""{"type":"approve","request_id":"req_1"}""")]
    [InlineData("""{"type":"deny","request_id":"req_1"}""")]
    [InlineData("""{"type":"answer","request_id":"req_1","content":{}}""")]
    public async Task Answer_to_a_search_which_asks_nothing_is_refused(string signal)
    {
        var (asked, go) = (new ManualSignal(), new ManualSignal());
        _web.On("/search", async _ =>
        {
            asked.Set();
            await go.WaitAsync();
        });
        await using var stream = await TurnStream.PostAsync(Http, Body, Path);
        await asked.WaitAsync();

        var refused = await Problem.OfPostAsync(Http, "api/turns/turn-0001/signals", signal);
        go.Set();

        Assert.Equal((HttpStatusCode.NotFound, "$.request_id"), (refused.Status, refused.Path));
        await stream.ToEndAsync();
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.signals", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Turn_of_another_kind_is_not_followed_though_its_body_is_the_same()
    {
        const string Both = """{"query":"tides","turn_id":"turn-0001"}""";
        await using (var stream = await TurnStream.PostAsync(Http, Both, Path))
            await stream.ToEndAsync();

        Assert.Equal(HttpStatusCode.Conflict, (await Problem.OfPostAsync(Http, "api/planning", Both)).Status);
    }

    [Theory]
    [InlineData("", "$")]
    [InlineData("[]", "$")]
    [InlineData("{\"query\":\"a\",\"query\":\"b\"}", "$.query")]
    [InlineData("{}", "$.queries")]
    [InlineData("""{"query":null,"queries":null}""", "$.queries")]
    [InlineData("""{"query":"a","queries":["b"]}""", "$.query")]
    [InlineData("""{"query":5}""", "$.query")]
    [InlineData("""{"query":" \n"}""", "$.query")]
    [InlineData("""{"query":"\ud800"}""", "$.query")]
    [InlineData("""{"queries":"a"}""", "$.queries")]
    [InlineData("""{"queries":[]}""", "$.queries")]
    [InlineData("""{"queries":["1","2","3","4","5","6","7","8","9","10","11"]}""", "$.queries")]
    [InlineData("""{"queries":["a",null]}""", "$.queries[1]")]
    [InlineData("""{"queries":["a",{}]}""", "$.queries[1]")]
    [InlineData("""{"queries":["a","b","a"]}""", "$.queries[2]")]
    [InlineData("""{"query":"a","max_results":0}""", "$.max_results")]
    [InlineData("""{"query":"a","max_results":21}""", "$.max_results")]
    [InlineData("""{"query":"a","max_results":1.5}""", "$.max_results")]
    [InlineData("""{"query":"a","max_results":1e999}""", "$.max_results")]
    [InlineData("""{"query":"a","timeout":61}""", "$.timeout")]
    [InlineData("""{"query":"a","include_content":"yes"}""", "$.include_content")]
    [InlineData("""{"query":"a","turn_id":"short"}""", "$.turn_id")]
    [InlineData("""{"query":"a","limit":3}""", "$.limit")]
    [InlineData("""{"query":"a","it's":3}""", "$['it's']")]
    public async Task Invalid_body_is_refused_with_the_path_of_its_error(string body, string path)
    {
        var problem = await Problem.OfPostAsync(Http, Path, body);

        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_REQUEST", path), (problem.Status, problem.Code, problem.Path));
        Assert.Empty(_web.Requests);
    }

    [Fact]
    public async Task Query_that_is_too_long_is_refused()
    {
        var problem = await Problem.OfPostAsync(Http, Path, $$"""{"queries":["{{new string('x', 401)}}"]}""");

        Assert.Equal(("$.queries[0]", "This must be a string of 1 to 400 characters, not only whitespace."), (problem.Path, problem.Detail));
    }
}
