using System.Net;
using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Usage;

public sealed class UsageApiTests
{
    private const string Body = """{"messages":[{"role":"user","content":"Hello"}],"tools":["Echo"]}""";

    [Fact]
    public async Task Usage_is_the_callers_own_with_limits_and_the_time_of_their_reset()
    {
        await using var server = await GuardedServer.StartAsync(("FuncChat:Limits:BytesPerDay", "0"));
        server.Model.Calls(("a", GatedTools.Echo, """{"text":"one"}""")).Says("Done.");
        using (var chat = await server.SendAsync(HttpMethod.Post, "api/chat", GuardedServer.BotKey, Body))
            await chat.Content.ReadAsStringAsync();

        var usage = await ReadAsync(server, GuardedServer.BotKey);

        Assert.Equal("""{"used":2,"limit":120,"resets_at":"2026-01-01T12:01:00Z"}""", usage.GetProperty("requests_per_minute").GetRawText());
        Assert.Equal("""{"used":1,"limit":1000,"resets_at":"2026-01-02T00:00:00Z"}""", usage.GetProperty("tool_runs_per_day").GetRawText());
        Assert.Equal("""{"used":30,"limit":2000000,"resets_at":"2026-01-02T00:00:00Z"}""", usage.GetProperty("tokens_per_day").GetRawText());
        Assert.False(usage.GetProperty("bytes_per_day").TryGetProperty("limit", out _));
        Assert.InRange(usage.GetProperty("bytes_per_day").GetProperty("used").GetInt64(), Body.Length, 10_000);
        Assert.Equal(0, (await ReadAsync(server, GuardedServer.OtherKey)).GetProperty("tokens_per_day").GetProperty("used").GetInt64());
    }

    [Fact]
    public async Task Tokens_of_a_running_call_are_reserved_until_it_ends()
    {
        await using var server = await GuardedServer.StartAsync();
        var feed = new ModelFeed();
        server.Model.Plays(feed);
        var chat = server.SendAsync(HttpMethod.Post, "api/chat", GuardedServer.BotKey, Body);
        await feed.Called.WaitAsync();
        Assert.InRange(await TokensAsync(), 4096, 4300);

        feed.End(input: 10, output: 5);
        using var response = await chat;

        Assert.Equal(15, await TokensAsync());

        async Task<long> TokensAsync() => (await ReadAsync(server, GuardedServer.BotKey)).GetProperty("tokens_per_day").GetProperty("used").GetInt64();
    }

    [Fact]
    public async Task Counts_survive_a_restart_of_a_server_that_keeps_them_in_files()
    {
        using var folder = new TemporaryFolder();
        var model = new FakeModel().Says("One.").Says("Two.");
        for (var start = 1; start <= 2; start++)
        {
            await using var server = await LocalServer.StartWithAsync(folder.Path, _ => { }, model.Catalog);
            await using (var turn = await TurnStream.PostAsync(server.Http, """{"messages":[{"role":"user","content":"Hello"}]}"""))
                await turn.ToEndAsync();

            var usage = JsonElement.Parse(await server.Http.GetStringAsync("api/usage"));

            Assert.Equal(15 * start, usage.GetProperty("this_month").GetProperty("tokens").GetInt64());
            await server.StopAsync();
        }
    }

    private static async Task<JsonElement> ReadAsync(GuardedServer server, string key)
    {
        using var response = await server.GetAsync(key, "api/usage");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await GuardedServer.JsonAsync(response);
    }
}
