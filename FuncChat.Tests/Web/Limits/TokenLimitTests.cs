using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Limits;

/// <summary>Attacks on the daily token limit: model calls that would cost money without being counted.</summary>
public sealed class TokenLimitTests
{
    private const string Limit = "5000";

    private static readonly string LongText = new('x', 24_000);

    [Fact]
    public async Task Tokens_of_a_stopped_turn_count()
    {
        await using var server = await StartAsync();
        var feed = new ModelFeed();
        server.Model.Plays(feed);
        using var response = await ChatAsync(server, turnId: "turn-0001");
        feed.Give(FakeModel.Text(LongText));
        using (var reader = new StreamReader(await response.Content.ReadAsStreamAsync()))
        {
            while (await reader.ReadLineAsync() != "event: delta")
            {
            }
        }

        using var stopped = await server.SendAsync(HttpMethod.Delete, "api/turns/turn-0001", GuardedServer.BotKey);

        Assert.Equal(HttpStatusCode.NoContent, stopped.StatusCode);
        await AssertReachedAsync(server);
    }

    [Fact]
    public async Task Tokens_of_a_call_that_fails_midway_count()
    {
        await using var server = await StartAsync();
        server.Model.Fails(new AppError(ErrorCode.UpstreamError, "The provider closed the connection."), FakeModel.Text(LongText));

        await FinishAsync(await ChatAsync(server));

        await AssertReachedAsync(server);
    }

    [Fact]
    public async Task Tokens_of_a_prompt_that_the_provider_refuses_count()
    {
        await using var server = await StartAsync();
        server.Model.Fails(new AppError(ErrorCode.InvalidRequest, "The prompt is too long."));

        await FinishAsync(await ChatAsync(server, text: LongText));

        await AssertReachedAsync(server);
    }

    [Theory]
    [InlineData(ErrorCode.RateLimited)]
    [InlineData(ErrorCode.ConfigurationError)]
    public async Task Call_that_the_provider_turns_away_costs_nothing(ErrorCode code)
    {
        await using var server = await StartAsync();
        server.Model.Fails(new AppError(code, "Not now.")).Says("Hello.");

        await FinishAsync(await ChatAsync(server, text: LongText));

        using var next = await ChatAsync(server);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task Tokens_count_when_the_provider_reports_none()
    {
        await using var server = await StartAsync();
        server.Model.Answers(FakeModel.Text(LongText), FakeModel.Finish());

        await FinishAsync(await ChatAsync(server));

        await AssertReachedAsync(server);
    }

    [Fact]
    public async Task Tokens_count_when_the_provider_reports_zero()
    {
        await using var server = await StartAsync();
        server.Model.Answers(FakeModel.Text(LongText), FakeModel.Finish(), FakeModel.Usage(0, 0));

        await FinishAsync(await ChatAsync(server));

        await AssertReachedAsync(server);
    }

    [Theory]
    [InlineData(long.MaxValue, long.MaxValue)]
    [InlineData(long.MaxValue, 0)]
    [InlineData(-5000, long.MaxValue)]
    public async Task Tokens_count_when_the_provider_reports_absurd_figures(long input, long output)
    {
        await using var server = await StartAsync();
        server.Model.Answers(FakeModel.Text("Hello."), FakeModel.Finish(), FakeModel.Usage(input, output));

        await FinishAsync(await ChatAsync(server));

        await AssertReachedAsync(server);
    }

    [Fact]
    public async Task Negative_figures_give_nothing_back()
    {
        await using var server = await StartAsync();
        server.Model
            .Answers(FakeModel.Text("One."), FakeModel.Finish(), FakeModel.Usage(4000, 500))
            .Answers(FakeModel.Text("Two."), FakeModel.Finish(), FakeModel.Usage(-4000, -500))
            .Answers(FakeModel.Text("Three."), FakeModel.Finish(), FakeModel.Usage(500, 0));
        for (var turn = 0; turn < 3; turn++)
            await FinishAsync(await ChatAsync(server));

        await AssertReachedAsync(server);
    }

    [Fact]
    public async Task Running_calls_reserve_their_tokens()
    {
        await using var server = await StartAsync();
        var running = new List<HttpResponseMessage>();
        var feeds = Enumerable.Range(0, 20).Select(_ => new ModelFeed()).ToList();
        feeds.ForEach(feed => server.Model.Plays(feed));
        foreach (var feed in feeds)
        {
            var response = await ChatAsync(server, maxTokens: 1000);
            if (response.StatusCode == HttpStatusCode.OK)
                await feed.Called.WaitAsync();
            running.Add(response);
        }

        Assert.Equal(5, running.Count(response => response.StatusCode == HttpStatusCode.OK));
        var refused = running[^1];
        Assert.Equal(TimeSpan.FromSeconds(10), refused.Headers.RetryAfter?.Delta);
        Assert.Equal(
            "Your running calls hold the rest of the limit of 5000 tokens per day. Try again when one of them has ended.",
            (await GuardedServer.JsonAsync(refused)).GetProperty("detail").GetString());

        feeds.ForEach(feed => feed.End());
        foreach (var response in running)
            await FinishAsync(response);
        server.Model.Says("Settled: 75 of 5,000 tokens were used.");
        using var next = await ChatAsync(server);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task Turn_ends_before_the_model_call_that_finds_the_limit_reached()
    {
        await using var server = await StartAsync();
        server.Model
            .Answers(FakeModel.Call(0, "a", GatedTools.Echo, """{"text":"one"}"""), FakeModel.Finish(FinishReason.ToolCalls), FakeModel.Usage(6000, 5))
            .Says("This is never asked for.");

        using var response = await ChatAsync(server);
        var events = await response.Content.ReadAsStringAsync();

        Assert.Contains("\"code\":\"RATE_LIMITED\"", events, StringComparison.Ordinal);
        Assert.Contains("limit of 5000 tokens per day", events, StringComparison.Ordinal);
        Assert.Single(server.Model.Requests);
    }

    private static Task<GuardedServer> StartAsync() => GuardedServer.StartAsync(("FuncChat:Limits:TokensPerDay", Limit));

    private static async Task<HttpResponseMessage> ChatAsync(GuardedServer server, string text = "Hello", string? turnId = null, int maxTokens = 100)
    {
        var id = turnId is null ? "" : $"\"turn_id\":\"{turnId}\",";
        var request = new HttpRequestMessage(HttpMethod.Post, "api/chat")
        {
            Content = new StringContent(
                $$"""{{{id}}"max_tokens":{{maxTokens}},"messages":[{"role":"user","content":"{{text}}"}],"tools":["Echo"]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", GuardedServer.BotKey);
        return await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task FinishAsync(HttpResponseMessage response)
    {
        await response.Content.ReadAsStringAsync();
        response.Dispose();
    }

    private static async Task AssertReachedAsync(GuardedServer server)
    {
        using var next = await ChatAsync(server);
        Assert.Equal(HttpStatusCode.TooManyRequests, next.StatusCode);
        Assert.Equal("tokens_per_day", (await GuardedServer.JsonAsync(next)).GetProperty("limit").GetString());
    }
}
