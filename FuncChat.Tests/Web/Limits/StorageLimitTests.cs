using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Store;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Limits;

/// <summary>Attacks on the disk and the memory: large conversations, one after the other or at the same time.</summary>
public sealed class StorageLimitTests
{
    [Fact]
    public async Task Requests_count_towards_the_bytes_of_the_day_even_if_the_provider_refuses_them()
    {
        await using var server = await GuardedServer.StartAsync(("FuncChat:Limits:BytesPerDay", "100000"));
        server.Model.Fails(new AppError(ErrorCode.InvalidRequest, "The prompt is too long.")).Says("Other.").Says("Tomorrow.");
        await FinishAsync(await ChatAsync(server, 120_000));

        using var second = await ChatAsync(server, 10);

        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal("bytes_per_day", (await GuardedServer.JsonAsync(second)).GetProperty("limit").GetString());
        Assert.Equal(new TimeSpan(11, 59, 30), second.Headers.RetryAfter?.Delta);
        using var other = await ChatAsync(server, 10, GuardedServer.OtherKey);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        server.Time.Advance(new TimeSpan(11, 59, 30));
        using var tomorrow = await ChatAsync(server, 10);
        Assert.Equal(HttpStatusCode.OK, tomorrow.StatusCode);
    }

    [Fact]
    public async Task Contents_of_threads_count_towards_the_bytes_of_the_day()
    {
        await using var server = await GuardedServer.StartAsync(("FuncChat:Limits:BytesPerDay", "100000"));
        var body = $$"""{"system_prompt":"{{new string('x', 60_000)}}"}""";
        using var created = await server.SendAsync(HttpMethod.Post, "api/threads", GuardedServer.BotKey, body);
        var path = $"api/threads/{(await GuardedServer.JsonAsync(created)).GetProperty("id").GetString()}";
        using var changed = await server.SendAsync(HttpMethod.Patch, path, GuardedServer.BotKey, body);

        using var more = await server.SendAsync(HttpMethod.Post, "api/threads", GuardedServer.BotKey, body);
        using var again = await server.SendAsync(HttpMethod.Patch, path, GuardedServer.BotKey, body);

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.OK], [created.StatusCode, changed.StatusCode]);
        Assert.Equal("bytes_per_day", (await GuardedServer.JsonAsync(more)).GetProperty("limit").GetString());
        Assert.Equal("bytes_per_day", (await GuardedServer.JsonAsync(again)).GetProperty("limit").GetString());
    }

    [Fact]
    public async Task Events_count_towards_the_bytes_of_the_day()
    {
        await using var server = await GuardedServer.StartAsync(("FuncChat:Limits:BytesPerDay", "100000"));
        server.Model.Says(new string('x', 120_000));
        await FinishAsync(await ChatAsync(server, 10));

        using var second = await ChatAsync(server, 10);

        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
    }

    [Fact]
    public async Task Events_count_as_they_are_written()
    {
        await using var server = await GuardedServer.StartAsync(("FuncChat:Limits:BytesPerDay", "100000"));
        var feed = new ModelFeed();
        server.Model.Plays(feed);
        using var running = await ChatAsync(server, 10);
        feed.Give(FakeModel.Text(new string('x', 120_000)), FakeModel.Call(0, "a", "nothing"));
        using var reader = new StreamReader(await running.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line && line != "event: delta")
        {
            // Until the text was stored.
        }

        using var second = await ChatAsync(server, 10);

        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        feed.End();
    }

    [Fact]
    public async Task Turn_that_grows_too_large_is_stopped_and_others_continue()
    {
        await using var server = await GuardedServer.StartAsync(("FuncChat:Turns:MaxRequestBytes", "1048576"));
        var (large, small) = (new ModelFeed(), new ModelFeed());
        server.Model.Plays(small).Plays(large).Says("Later.");
        using var other = await ChatAsync(server, 10);
        await small.Called.WaitAsync();
        using var growing = await ChatAsync(server, 10);
        await large.Called.WaitAsync();

        large.Give(FakeModel.Text(new string('x', 300_000)));

        var stopped = SseEvent.Parse(await growing.Content.ReadAsStringAsync())[^1];
        Assert.Equal(("error", "RATE_LIMITED"), (stopped.Name, stopped.Text("code")));
        small.End();
        Assert.Equal("complete", SseEvent.Parse(await other.Content.ReadAsStringAsync())[^1].Name);
        using var later = await ChatAsync(server, 200_000);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Theory]
    [InlineData("api/mcp")]
    [InlineData("api/turns/turn-0009/signals")]
    public async Task Large_body_of_another_route_is_429_while_conversations_hold_the_users_memory(string path)
    {
        await using var server = await GuardedServer.StartAsync(("FuncChat:Turns:MaxRequestBytes", "1048576"));
        var feed = new ModelFeed();
        server.Model.Plays(feed);
        using var running = await ChatAsync(server, 200_000);
        await feed.Called.WaitAsync();

        using var refused = await server.SendAsync(HttpMethod.Post, path, GuardedServer.BotKey, $"[\"{new string('x', 100_000)}\"]");

        Assert.Equal("request_bytes_at_once", (await GuardedServer.JsonAsync(refused)).GetProperty("limit").GetString());
        feed.End();
    }

    [Fact]
    public async Task Retried_request_follows_its_turn_when_the_bytes_of_the_day_are_used_up()
    {
        await using var server = await GuardedServer.StartAsync(("FuncChat:Limits:BytesPerDay", "100000"));
        server.Model.Says("Only once.");
        await FinishAsync(await ChatAsync(server, 120_000, turnId: "turn-0001"));

        using var again = await ChatAsync(server, 120_000, turnId: "turn-0001");

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Contains("Only once.", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Large_conversations_at_the_same_time_are_429_for_their_user_alone()
    {
        await using var server = await GuardedServer.StartAsync(("FuncChat:Turns:MaxRequestBytes", "1048576"));
        var feed = new ModelFeed();
        server.Model.Plays(feed).Says("Other.").Says("Later.");
        using var running = await ChatAsync(server, 200_000);
        await feed.Called.WaitAsync();

        using var second = await ChatAsync(server, 200_000);

        using var added = await server.SendAsync(HttpMethod.Put, "api/threads/thread-0001/turns/turn-0001", GuardedServer.BotKey, new string(' ', 1_000_000));
        Assert.Equal(HttpStatusCode.TooManyRequests, added.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal("request_bytes_at_once", (await GuardedServer.JsonAsync(second)).GetProperty("limit").GetString());
        using var other = await ChatAsync(server, 200_000, GuardedServer.OtherKey);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        feed.End();
        await running.Content.ReadAsStringAsync();
        using var later = await ChatAsync(server, 200_000);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task Conversation_is_503_when_the_memory_for_all_is_used_up()
    {
        await using var server = await GuardedServer.StartAsync(("FuncChat:Turns:MaxRequestBytes", "1048576"));
        var feed = new ModelFeed();
        server.Model.Plays(feed).Says("Later.");
        using var running = await ChatAsync(server, 900_000);
        await feed.Called.WaitAsync();

        using var refused = await ChatAsync(server, 200_000, GuardedServer.OtherKey);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("UNAVAILABLE", (await GuardedServer.JsonAsync(refused)).GetProperty("code").GetString());
        feed.End();
        await running.Content.ReadAsStringAsync();
        using var later = await ChatAsync(server, 200_000, GuardedServer.OtherKey);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task New_turns_are_503_when_the_disk_is_almost_full()
    {
        using var folder = new TemporaryFolder();
        var free = FileStoreProbe.MinFreeBytes;
        var model = new FakeModel().Says("Stored.").Says("Room again.");
        await using var server = await LocalServer.StartWithAsync(
            folder.Path, builder => builder.Services.AddTurnStore(_ => new FileTurnStore(folder.Path) { FreeBytes = _ => free }), model.Catalog);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("turn-0001"));

        free--;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync("turn-0002"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("turn-0001"));
        using (var health = await server.Http.GetAsync(new Uri("api/health", UriKind.Relative)))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
            Assert.Contains("\"storage\":\"failed\"", await health.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        free++;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("turn-0002"));

        async Task<HttpStatusCode> StatusAsync(string turnId)
        {
            using var content = new StringContent(BodyOf(10, turnId), Encoding.UTF8, "application/json");
            using var response = await server.Http.PostAsync("api/chat", content);
            await response.Content.ReadAsStringAsync();
            return response.StatusCode;
        }
    }

    private static string BodyOf(int length, string? turnId) =>
        $$"""{"turn_id":{{(turnId is null ? "null" : $"\"{turnId}\"")}},"messages":[{"role":"user","content":"{{new string('x', length)}}"}]}""";

    private static Task<HttpResponseMessage> ChatAsync(GuardedServer server, int length, string key = GuardedServer.BotKey, string? turnId = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "api/chat")
        {
            Content = new StringContent(BodyOf(length, turnId), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task FinishAsync(HttpResponseMessage response)
    {
        await response.Content.ReadAsStringAsync();
        response.Dispose();
    }
}
