using System.Net;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Limits;

public sealed class UserLimitTests
{
    private const string Body = """{"messages":[{"role":"user","content":"Hello"}],"tools":["Echo"]}""";

    [Fact]
    public async Task Requests_beyond_the_limit_are_429_until_the_minute_is_over()
    {
        await using var server = await GuardedServer.StartAsync(("FuncChat:Limits:RequestsPerMinute", "2"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, HttpMethod.Get));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, HttpMethod.Get));

        using var third = await server.GetAsync(GuardedServer.BotKey);

        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(30), third.Headers.RetryAfter?.Delta);
        var problem = await GuardedServer.JsonAsync(third);
        Assert.Equal("RATE_LIMITED", problem.GetProperty("code").GetString());
        Assert.Equal("requests_per_minute", problem.GetProperty("limit").GetString());
        server.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(server, HttpMethod.Get));
        server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, HttpMethod.Get));
    }

    [Fact]
    public async Task Limit_is_each_users_own_and_a_user_who_has_reached_it_can_stop_turns()
    {
        await using var server = await GuardedServer.StartAsync(("FuncChat:Limits:RequestsPerMinute", "1"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, HttpMethod.Get));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(server, HttpMethod.Get));

        using var other = await server.GetAsync(GuardedServer.OtherKey);
        using var ada = await server.GetAsync(server.Issuer.TokenWith());

        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(HttpStatusCode.OK, ada.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server, HttpMethod.Delete, "api/chat/turn-0001"));
    }

    [Fact]
    public async Task Stopping_turns_is_429_at_ten_times_the_limit()
    {
        await using var server = await GuardedServer.StartAsync(("FuncChat:Limits:RequestsPerMinute", "2"));
        for (var stop = 0; stop < 20; stop++)
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server, HttpMethod.Delete, "api/chat/turn-0001"));

        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(server, HttpMethod.Delete, "api/chat/turn-0001"));
    }

    [Fact]
    public async Task Refused_strangers_use_up_nobodys_limit()
    {
        await using var server = await GuardedServer.StartAsync(("FuncChat:Limits:RequestsPerMinute", "1"));
        for (var time = 0; time < 3; time++)
        {
            using var stranger = await server.GetAsync(null);
            Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, HttpMethod.Get));
    }

    [Theory]
    [InlineData("TokensPerDay", "30", "tokens_per_day")]
    [InlineData("ToolRunsPerDay", "1", "tool_runs_per_day")]
    public async Task Turn_is_429_when_the_days_use_has_reached_the_limit(string setting, string limit, string name)
    {
        await using var server = await GuardedServer.StartAsync(($"FuncChat:Limits:{setting}", limit));
        server.Model.Calls(("a", GatedTools.Echo, """{"text":"one"}""")).Says("Done.").Says("Another day.");
        using var first = await server.SendAsync(HttpMethod.Post, "api/chat", GuardedServer.BotKey, Body);
        Assert.Contains("event: complete", await first.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var second = await server.SendAsync(HttpMethod.Post, "api/chat", GuardedServer.BotKey, Body);

        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal(name, (await GuardedServer.JsonAsync(second)).GetProperty("limit").GetString());
        Assert.Equal(new TimeSpan(11, 59, 30), second.Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, HttpMethod.Get));
        server.Time.Advance(new TimeSpan(11, 59, 30));
        using var tomorrow = await server.SendAsync(HttpMethod.Post, "api/chat", GuardedServer.BotKey, Body);
        Assert.Equal(HttpStatusCode.OK, tomorrow.StatusCode);
    }

    [Fact]
    public async Task Tool_runs_over_the_limit_fail_and_the_turn_continues()
    {
        await using var server = await GuardedServer.StartAsync(("FuncChat:Limits:ToolRunsPerDay", "3"));
        server.Model
            .Calls(("a", GatedTools.Echo, """{"text":"one"}"""), ("b", GatedTools.Echo, """{"text":"two"}"""))
            .Calls(("c", GatedTools.Echo, """{"text":"three"}"""), ("d", GatedTools.Echo, """{"text":"four"}"""))
            .Calls(("e", GatedTools.Echo, """{"text":"five"}"""))
            .Says("Done.");

        using var response = await server.SendAsync(HttpMethod.Post, "api/chat", GuardedServer.BotKey, Body);
        var events = SseEvent.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal("complete", events[^1].Name);
        Assert.Equal(["a", "b", "c"], events.Where(each => each.Name == "tool_call_start").Select(each => each.Text("id")));
        var refused = events.Where(each => each.Name == "tool_call_result" && each.Text("error") == "True").ToList();
        Assert.Equal(["d", "e"], refused.Select(each => each.Text("id")));
        Assert.All(refused, each => Assert.Contains("limit of 3 tool runs per day", each.Text("content"), StringComparison.Ordinal));
        using var usage = await server.SendAsync(HttpMethod.Get, "api/usage", GuardedServer.BotKey);
        Assert.Equal(3, (await GuardedServer.JsonAsync(usage)).GetProperty("tool_runs_per_day").GetProperty("used").GetInt64());
    }

    private static async Task<HttpStatusCode> StatusAsync(GuardedServer server, HttpMethod method, string path = "api/models")
    {
        using var response = await server.SendAsync(method, path, GuardedServer.BotKey);
        return response.StatusCode;
    }
}
