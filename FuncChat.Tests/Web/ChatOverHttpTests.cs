using System.Net;
using System.Text;
using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web;

public sealed class ChatOverHttpTests : IAsyncLifetime
{
    private const string Body = """{"messages":[{"role":"user","content":"Hello"}],"tools":["Echo","Quick"],"turn_id":"turn-0001"}""";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel _model = new();
    private readonly GatedTools _tools = new();
    private LocalServer _server = null!;

    private HttpClient Http => _server.Http;

    public async Task InitializeAsync() => _server = await LocalServer.StartAsync(
        _folder.Path, _model.Catalog, _tools, ("FuncChat:Requests:MaxMessages", "3"), ("FuncChat:Requests:MaxBodyBytes", "2000"), ("FuncChat:Turns:MaxPerUser", "2"));

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Turn_that_is_dropped_after_every_event_is_read_whole()
    {
        var feed = new ModelFeed();
        _model.Calls(("a", GatedTools.Echo, """{"text":"one"}"""), ("b", GatedTools.Quick, "{}")).Plays(feed);
        var seen = new List<SseEvent>();
        var stream = await TurnStream.PostAsync(Http, Body);
        while (await stream.NextAsync() is { } next)
        {
            seen.Add(next);
            await stream.DisposeAsync();
            if (next.Name is "complete" or "error")
                break;

            // The turn continues while no client follows it.
            _tools.Go.Set();
            if (next.Name == "llm_request" && next.Text("iteration") == "2")
                feed.Give(FakeModel.Text("Wör"), FakeModel.Text("ds, 世界"));
            else if (next.Name == "delta" && next.Text("content")!.EndsWith("ds, 世界", StringComparison.Ordinal))
                feed.End();
            stream = await TurnStream.FollowAsync(Http, "turn-0001", next.Id);
        }

        await using var unbroken = await TurnStream.FollowAsync(Http, "turn-0001", 0);
        var whole = await unbroken.ToEndAsync();
        Assert.Equal("complete", whole[^1].Name);
        Assert.Equal(SseEvent.Join(whole), SseEvent.Join(seen));
        Assert.Equal(Enumerable.Range(1, whole.Count).Select(id => (long)id), whole.Select(e => e.Id));
    }

    [Fact]
    public async Task Stream_has_the_headers_that_proxies_need_and_begins_with_retry()
    {
        _model.Says("Hi.");

        using var response = await Http.PostAsync("api/chat", Json(Body));

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        Assert.True(response.Headers.CacheControl is { NoStore: true, NoTransform: true });
        Assert.Equal("no", response.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.Equal("turn-0001", response.Headers.GetValues("X-Turn-Id").Single());
        Assert.StartsWith("retry: 1000\n\nid: 1\nevent: status\n", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_of_a_known_turn_continues_after_the_last_event_of_the_client()
    {
        _model.Says("Hi.");
        await using (var stream = await TurnStream.PostAsync(Http, Body))
            await stream.ToEndAsync();

        using var request = new HttpRequestMessage(HttpMethod.Post, "api/chat") { Content = Json(Body) };
        request.Headers.Add("Last-Event-ID", "4");
        using var response = await Http.SendAsync(request);
        using var none = await Http.PostAsync("api/chat?lastEventId=6", Json(Body));

        Assert.Equal([5L, 6L], SseEvent.Parse(await response.Content.ReadAsStringAsync()).Select(each => each.Id));
        Assert.Equal(HttpStatusCode.NoContent, none.StatusCode);
    }

    [Fact]
    public async Task Post_of_a_new_turn_starts_at_its_first_event_whatever_the_client_has()
    {
        _model.Says("Hi.");
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/chat?format=openai-chat") { Content = Json(Body) };
        request.Headers.Add("Last-Event-ID", "400");

        using var response = await Http.SendAsync(request);

        Assert.Contains("Hi.", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?lastEventId=4", null)]
    [InlineData("?after=1&lastEventId=4", null)]
    [InlineData("?after=1", "4")]
    [InlineData("?lastEventId=4", "2")]
    public async Task Highest_of_the_ids_that_a_client_sends_counts(string query, string? header)
    {
        _model.Says("Hi.");
        await using (var stream = await TurnStream.PostAsync(Http, Body))
            await stream.ToEndAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/turns/turn-0001{query}");
        if (header is not null)
            request.Headers.Add("Last-Event-ID", header);

        using var response = await Http.SendAsync(request);

        Assert.Equal([5L, 6L], SseEvent.Parse(await response.Content.ReadAsStringAsync()).Select(each => each.Id));
    }

    [Fact]
    public async Task Client_that_keeps_only_the_messages_of_the_assistant_can_ask_again_after_a_turn_with_tools()
    {
        _model.Calls(("a", GatedTools.Echo, """{"text":"one"}""")).Says("It is one.").Says("Again.");
        await using var first = await TurnStream.PostAsync(Http, Body);
        var messages = (await first.ToEndAsync()).Where(each => each.Name == "message_complete").Select(each => each.Data.GetRawText()).ToList();

        await using var second = await TurnStream.PostAsync(
            Http, $$"""{"messages":[{{string.Join(',', messages)}},{"role":"user","content":"Again?"}]}""");

        Assert.Equal(2, messages.Count);
        Assert.Equal("complete", (await second.ToEndAsync())[^1].Name);
        Assert.DoesNotContain(_model.Requests[^1].Messages, message => System.Text.Encoding.UTF8.GetString(message.Span).Contains("tool_calls", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Client_that_has_read_the_last_event_can_start_its_next_turn_at_the_limit()
    {
        _model.Plays(new ModelFeed());
        await using var other = await TurnStream.PostAsync(Http, Body);
        for (var turn = 1000; turn < 1050; turn++)
        {
            _model.Says("Hi.");
            await using var stream = await TurnStream.PostAsync(Http, Body.Replace("0001", $"{turn}", StringComparison.Ordinal));
            while ((await stream.NextAsync())!.Name != "complete")
            {
            }
        }
    }

    [Fact]
    public async Task Turn_that_has_been_read_whole_answers_204()
    {
        _model.Says("Hi.");
        await using (var stream = await TurnStream.PostAsync(Http, Body))
            await stream.ToEndAsync();

        // The response ends when the turn has, so nothing runs any more.
        Assert.Equal(HttpStatusCode.NoContent, await FollowStatusAsync("turn-0001?after=6"));
        Assert.Equal(HttpStatusCode.NoContent, await FollowStatusAsync("turn-0001?after=9223372036854775807"));
        Assert.Equal(HttpStatusCode.OK, await FollowStatusAsync("turn-0001?after=4"));
    }

    [Theory]
    [InlineData("turn-9999", HttpStatusCode.NotFound, "NOT_FOUND")]
    [InlineData("short", HttpStatusCode.NotFound, "NOT_FOUND")]
    [InlineData("..%2f..%2fetc%2fpasswd", HttpStatusCode.NotFound, "NOT_FOUND")]
    [InlineData("turn-9999?after=x", HttpStatusCode.BadRequest, "INVALID_REQUEST")]
    [InlineData("turn-9999?after=-1", HttpStatusCode.BadRequest, "INVALID_REQUEST")]
    [InlineData("turn-9999?after=9223372036854775808", HttpStatusCode.BadRequest, "INVALID_REQUEST")]
    public async Task Turn_that_cannot_be_followed_is_a_problem(string path, HttpStatusCode status, string code)
    {
        using var response = await Http.GetAsync($"api/chat/{path}");

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, await CodeAsync(response));
    }

    [Fact]
    public async Task Same_turn_id_with_another_body_is_409()
    {
        _model.Says("Hi.");
        await using (var stream = await TurnStream.PostAsync(Http, Body))
            await stream.ToEndAsync();

        using var other = await Http.PostAsync("api/chat", Json(Body.Replace("Hello", "Bye", StringComparison.Ordinal)));

        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
        await using var same = await TurnStream.PostAsync(Http, Body);
        Assert.Equal("complete", (await same.ToEndAsync())[^1].Name);
    }

    [Theory]
    [InlineData("api/chat", "", HttpStatusCode.BadRequest)]
    [InlineData("api/chat", "[1", HttpStatusCode.BadRequest)]
    [InlineData("api/chat", """{"messages":[]}""", HttpStatusCode.BadRequest)]
    [InlineData("api/chat", """{"messages":[{"role":"user","content":"1"},{"role":"user","content":"2"},{"role":"user","content":"3"},{"role":"user","content":"4"}]}""", HttpStatusCode.BadRequest)]
    [InlineData("api/chat", """{"messages":[{"role":"user","content":"\ud800"}]}""", HttpStatusCode.BadRequest)]
    [InlineData("api/chat", """{"messages":[{"role":"assistant","content":"x","provider_data":{"\udc00":1}},{"role":"user","content":"x"}]}""", HttpStatusCode.BadRequest)]
    [InlineData("api/chat", """{"messages":[{"role":"assistant","content":"x","provider_data":{"a":["\ud83dx"]}},{"role":"user","content":"x"}]}""", HttpStatusCode.BadRequest)]
    [InlineData("api/chat", """{"messages":[{"role":"user","content":"x"}],"turn_id":"../../../x"}""", HttpStatusCode.BadRequest)]
    public async Task Invalid_body_is_refused_before_a_turn_starts(string path, string body, HttpStatusCode status)
    {
        using var response = await Http.PostAsync(path, Json(body));

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("INVALID_REQUEST", await CodeAsync(response));
        Assert.Empty(_model.Requests);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "turns")));
    }

    [Fact]
    public async Task Body_that_is_too_large_is_413()
    {
        var body = $$"""{"messages":[{"role":"user","content":"{{new string('x', 3000)}}"}]}""";
        using var known = await Http.PostAsync("api/chat", Json(body));
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "api/chat") { Content = Json(body), Headers = { TransferEncodingChunked = true } };
        using var unknown = await Http.SendAsync(chunked);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, known.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, unknown.StatusCode);
    }

    [Fact]
    public async Task Turns_beyond_the_limit_are_429_with_a_time_to_wait()
    {
        _model.Plays(new ModelFeed()).Plays(new ModelFeed());
        await using var first = await TurnStream.PostAsync(Http, Body);
        await using var second = await TurnStream.PostAsync(Http, Body.Replace("0001", "0002", StringComparison.Ordinal));

        using var third = await Http.PostAsync("api/chat", Json(Body.Replace("0001", "0003", StringComparison.Ordinal)));

        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.Equal("RATE_LIMITED", await CodeAsync(third));
        Assert.NotNull(third.Headers.RetryAfter);
    }

    [Fact]
    public async Task Stop_is_idempotent_and_ends_the_turn_for_all_who_follow()
    {
        var feed = new ModelFeed();
        _model.Plays(feed);
        await using var stream = await TurnStream.PostAsync(Http, Body);
        await feed.Called.WaitAsync();

        for (var time = 0; time < 3; time++)
        {
            using var stopped = await Http.DeleteAsync("api/chat/turn-0001");
            Assert.Equal(HttpStatusCode.NoContent, stopped.StatusCode);
        }

        await feed.GivenUp.WaitAsync();
        Assert.Equal("CANCELLED", (await stream.ToEndAsync())[^1].Text("code"));
        using var unknown = await Http.DeleteAsync("api/chat/turn-9999");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Server_that_stops_leaves_its_turns_to_be_continued_by_the_next()
    {
        _model.Calls(("b", GatedTools.Quick, "{}"));
        await using var stream = await TurnStream.PostAsync(Http, Body);
        await _tools.Started.WaitAsync();
        var stopping = _server.StopAsync();
        _tools.Go.Set();
        await stopping;
        var before = await stream.ToEndAsync();
        Assert.Equal("tool_call_result", before[^1].Name);

        var model = new FakeModel().Says("Done.");
        var tools = new GatedTools();
        await using var next = await LocalServer.StartAsync(_folder.Path, model.Catalog, tools);
        await using var rest = await TurnStream.FollowAsync(next.Http, "turn-0001", before[^1].Id);

        IReadOnlyList<SseEvent> all = [.. before, .. await rest.ToEndAsync()];
        Assert.Equal("complete", all[^1].Name);
        Assert.Equal(Enumerable.Range(1, all.Count).Select(id => (long)id), all.Select(e => e.Id));
        Assert.Equal(0, tools.Runs);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static async Task<string?> CodeAsync(HttpResponseMessage response) =>
        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).GetProperty("code").GetString();

    private async Task<HttpStatusCode> FollowStatusAsync(string path)
    {
        using var response = await Http.GetAsync($"api/chat/{path}");
        return response.StatusCode;
    }
}
