using System.Net;
using System.Text.Json;
using FuncChat.Engine.Models;
using FuncChat.Engine.Usage;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Usage;

/// <summary>Budgets of model calls, over HTTP.</summary>
public sealed class BudgetTests
{
    private const string TurnId = "turn-0001";
    private const string Body = """{"turn_id":"turn-0001","messages":[{"role":"user","content":"Hello"}],"tools":["Echo"]}""";
    private const string Short = """{"messages":[{"role":"user","content":"Hi"}],"max_tokens":1}""";
    private const int AnswerTokens = 500;

    [Fact]
    public async Task Runaway_tool_loop_is_stopped_at_the_promised_token_and_waits_for_an_administrator()
    {
        await using var server = await StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "5000"));
        server.Model.Otherwise(CallsEcho);

        var events = await ChatAsync(server);

        Assert.Equal(["budget_request", "parked"], events.TakeLast(2).Select(each => each.Name));
        var asked = events[^2];
        var used = TokensOf(events);
        Assert.Equal(("key_tokens_per_day", $"{used}", "5000", "2026-01-02T00:00:00+00:00"), (asked.Text("limit"), asked.Text("used"), asked.Text("allowed"), asked.Text("resets_at")));
        Assert.InRange(used, 5000 - asked.Data.GetProperty("needed").GetInt64() + 1, 5000);
        Assert.Equal(events.Count(each => each.Name == "llm_request"), server.Model.Requests.Count);
        Assert.All(server.Model.Requests, request => Assert.InRange(request.Sampling.MaxTokens!.Value, 64, 5000));
        Assert.True(server.Model.Requests[^1].Sampling.MaxTokens < 1000);
    }

    [Fact]
    public async Task Raised_budget_lets_the_turn_continue_and_pays_nothing_twice()
    {
        await using var server = await StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "2000"));
        server.Model.Otherwise(CallsEcho);
        var before = await ChatAsync(server);
        var calls = server.Model.Requests.Count;
        server.Model.Says("Done.");

        using (var raised = await SignalAsync(server, GuardedServer.OtherKey, $$$"""{"type":"approve","request_id":"{{{before[^2].Text("id")}}}","arguments":{"amount":3000}}"""))
            Assert.Equal(HttpStatusCode.OK, await FinishAsync(raised));

        var events = await FollowAsync(server);
        Assert.Equal("complete", events[^1].Name);
        Assert.Equal(calls + 1, server.Model.Requests.Count);
        Assert.Equal(TokensOf(events), await UsedTodayAsync(server));
        Assert.Equal("5000", (await UsageAsync(server, GuardedServer.BotKey)).GetProperty("budgets")[0].GetProperty("allowed").GetRawText());
    }

    [Theory]
    [InlineData(GatedTools.AsksInSteps)]
    [InlineData(GatedTools.LongAsksInSteps)]
    public async Task Tool_that_reaches_a_budget_waits_and_continues_after_its_last_step_once_the_budget_is_raised(string tool)
    {
        await using var server = await StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "2000"));
        server.Model.Calls(("a", tool, "{}")).Answers(FakeModel.Text("one"), FakeModel.Finish(), FakeModel.Usage(1900, 10));

        var before = await ChatAsync(server, Body.Replace("Echo", tool, StringComparison.Ordinal));

        Assert.Equal(["budget_request", "parked"], before.TakeLast(2).Select(each => each.Name));
        Assert.Equal(("key_tokens_per_day", "a", "1925"), (before[^2].Text("limit"), before[^2].Text("call_id"), before[^2].Text("used")));
        Assert.DoesNotContain(before, each => each.Name == "tool_call_result");
        server.Model.Says("two").Says("Done.");

        using (var raised = await SignalAsync(server, GuardedServer.OtherKey, """{"type":"approve","request_id":"req_1","arguments":{"amount":3000}}"""))
            Assert.Equal(HttpStatusCode.OK, await FinishAsync(raised));

        var events = await FollowAsync(server);
        Assert.Equal("complete", events[^1].Name);
        Assert.Equal("one two", events.Single(each => each.Name == "tool_call_result").Text("content"));
        Assert.Equal(4, server.Model.Requests.Count);
        Assert.Equal(TokensOf(events), await UsedTodayAsync(server));
        Assert.Equal([1, 2], events.Where(each => each.Name == "llm_response" && each.Text("tool") == tool).Select(each => each.Data.GetProperty("iteration").GetInt32()));
    }

    [Fact]
    public async Task Deletion_of_a_thread_removes_every_run_of_a_tool_that_waited_for_a_budget()
    {
        await using var server = await StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "2000"));
        server.Model.Calls(("a", GatedTools.LongAsksInSteps, "{}")).Answers(FakeModel.Text("one"), FakeModel.Finish(), FakeModel.Usage(1900, 10)).Says("two").Says("Done.");
        await ChatAsync(server, Body.Replace("Echo", GatedTools.LongAsksInSteps, StringComparison.Ordinal).Replace("{\"turn_id\"", "{\"thread_id\":\"thread-0001\",\"turn_id\"", StringComparison.Ordinal));
        using (var raised = await SignalAsync(server, GuardedServer.OtherKey, """{"type":"approve","request_id":"req_1","arguments":{"amount":3000}}"""))
            await FinishAsync(raised);
        var runs = Path.Combine(server.DataPath, "runs");
        Assert.Equal(2, Directory.GetFiles(runs).Length);

        using var deleted = await server.SendAsync(HttpMethod.Delete, "api/threads/thread-0001", GuardedServer.BotKey);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(Directory.GetFiles(runs));
    }

    [Fact]
    public async Task Turn_ends_when_the_budget_that_a_tool_needs_is_not_raised()
    {
        await using var server = await StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "2000"));
        server.Model.Calls(("a", GatedTools.AsksInSteps, "{}")).Answers(FakeModel.Text("one"), FakeModel.Finish(), FakeModel.Usage(1900, 10));
        await ChatAsync(server, Body.Replace("Echo", GatedTools.AsksInSteps, StringComparison.Ordinal));

        using (var denied = await SignalAsync(server, GuardedServer.OtherKey, """{"type":"deny","request_id":"req_1"}"""))
            Assert.Equal(HttpStatusCode.OK, await FinishAsync(denied));

        var events = await FollowAsync(server);
        Assert.Equal(("error", "BUDGET_EXCEEDED"), (events[^1].Name, events[^1].Text("code")));
        Assert.Equal(2, server.Model.Requests.Count);
    }

    [Fact]
    public async Task Each_of_several_tools_that_reach_a_budget_waits_for_its_own_raise()
    {
        await using var server = await StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "300"));
        server.Model.Answers(
            FakeModel.Call(0, "a", GatedTools.AsksInSteps), FakeModel.Call(1, "b", GatedTools.LongAsksInSteps), FakeModel.Finish(FinishReason.ToolCalls), FakeModel.Usage(250, 10));
        var before = await ChatAsync(
            server, $$"""{"turn_id":"turn-0001","messages":[{"role":"user","content":"Hello"}],"tools":["{{GatedTools.AsksInSteps}}","{{GatedTools.LongAsksInSteps}}"]}""");
        server.Model.Otherwise(static _ => [FakeModel.Text("x"), FakeModel.Finish(), FakeModel.Usage(10, 5)]);

        using (var first = await SignalAsync(server, GuardedServer.OtherKey, """{"type":"approve","request_id":"req_1","arguments":{"amount":5000}}"""))
            await FinishAsync(first);
        Assert.Equal("parked", (await FollowAsync(server))[^1].Name);
        using (var second = await SignalAsync(server, GuardedServer.OtherKey, """{"type":"approve","request_id":"req_2","arguments":{"amount":5000}}"""))
            await FinishAsync(second);

        Assert.Equal(["a", "b"], before.Where(each => each.Name == "budget_request").Select(each => each.Text("call_id")).Order(StringComparer.Ordinal));
        var events = await FollowAsync(server);
        Assert.Equal("complete", events[^1].Name);
        Assert.Equal(["x x", "x x"], events.Where(each => each.Name == "tool_call_result").Select(each => each.Text("content")));
    }

    [Fact]
    public async Task Tool_call_fails_at_a_budget_that_no_one_can_raise()
    {
        await using var server = await GuardedServer.StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "2000"));
        server.Model.Calls(("a", GatedTools.AsksInSteps, "{}")).Answers(FakeModel.Text("one"), FakeModel.Finish(), FakeModel.Usage(1900, 10));

        var events = await ChatAsync(server, Body.Replace("Echo", GatedTools.AsksInSteps, StringComparison.Ordinal));

        Assert.Contains("The API key's budget for models of this day has no room for another call.", events.Single(each => each.Name == "tool_call_result").Text("content"), StringComparison.Ordinal);
        Assert.Equal(("error", "BUDGET_EXCEEDED"), (events[^1].Name, events[^1].Text("code")));
    }

    [Fact]
    public async Task Approval_without_an_amount_raises_the_budget_by_what_the_request_names()
    {
        await using var server = await StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "1000"));
        server.Model.Otherwise(CallsEcho);
        var before = await ChatAsync(server);

        using (var raised = await SignalAsync(server, GuardedServer.OtherKey, $$"""{"type":"approve","request_id":"{{before[^2].Text("id")}}"}"""))
            await FinishAsync(raised);

        var after = await FollowAsync(server);
        var raise = before[^2].Data.GetProperty("raise").GetInt64();
        Assert.InRange(raise, 200, 400);
        Assert.Equal(("budget_request", 1000 + raise), (after[^2].Name, after[^2].Data.GetProperty("allowed").GetInt64()));
        Assert.InRange(TokensOf(after), TokensOf(before) + 1, 1000 + raise);
    }

    [Theory]
    [InlineData("""{"type":"approve","request_id":"req_1","arguments":{"amount":0}}""")]
    [InlineData("""{"type":"approve","request_id":"req_1","arguments":{"amount":-5}}""")]
    [InlineData("""{"type":"approve","request_id":"req_1","arguments":{"amount":1.5}}""")]
    [InlineData("""{"type":"approve","request_id":"req_1","arguments":{"amount":1e30}}""")]
    [InlineData("""{"type":"approve","request_id":"req_1","arguments":{"amount":"5"}}""")]
    [InlineData("""{"type":"approve","request_id":"req_1","arguments":{"amount":5,"more":1}}""")]
    [InlineData("""{"type":"approve","request_id":"req_1","always":true}""")]
    public async Task Amount_that_is_not_valid_raises_nothing(string body)
    {
        await using var server = await StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "100"));
        await ChatAsync(server);

        using var refused = await SignalAsync(server, GuardedServer.OtherKey, body);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("parked", (await FollowAsync(server))[^1].Name);
    }

    [Fact]
    public async Task User_cannot_raise_the_own_budget_and_ends_the_turn_with_a_denial()
    {
        await using var server = await StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "100"));
        await ChatAsync(server);

        using (var own = await SignalAsync(server, GuardedServer.BotKey, """{"type":"approve","request_id":"req_1"}"""))
            Assert.Equal(HttpStatusCode.Forbidden, own.StatusCode);
        using (var denied = await SignalAsync(server, GuardedServer.BotKey, """{"type":"deny","request_id":"req_1"}"""))
            Assert.Equal(HttpStatusCode.OK, await FinishAsync(denied));

        var events = await FollowAsync(server);
        Assert.Equal(("error", "BUDGET_EXCEEDED"), (events[^1].Name, events[^1].Text("code")));
        Assert.Empty(server.Model.Requests);
    }

    [Fact]
    public async Task Turn_ends_at_the_budget_when_no_one_can_raise_it()
    {
        await using var server = await GuardedServer.StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "600"));
        server.Model.Otherwise(CallsEcho);

        var events = await ChatAsync(server);
        Assert.Equal(("error", "BUDGET_EXCEEDED", "insufficient_quota"), (events[^1].Name, events[^1].Text("code"), events[^1].Text("reason")));
        Assert.InRange(TokensOf(events), 1, 600);
    }

    [Fact]
    public async Task Turn_is_429_when_a_budget_is_spent_that_no_one_can_raise()
    {
        await using var server = await GuardedServer.StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "15"));
        server.Model.Says("Hi.").Says("Tomorrow.");
        Assert.Equal("complete", (await ChatAsync(server, Short))[^1].Name);

        using var next = await server.SendAsync(HttpMethod.Post, "api/chat", GuardedServer.BotKey, Short);

        Assert.Equal((HttpStatusCode.TooManyRequests, new TimeSpan(11, 59, 30)), (next.StatusCode, next.Headers.RetryAfter?.Delta));
        var problem = await GuardedServer.JsonAsync(next);
        Assert.Equal(("BUDGET_EXCEEDED", "key_tokens_per_day"), (problem.GetProperty("code").GetString(), problem.GetProperty("limit").GetString()));
        server.Time.Advance(new TimeSpan(11, 59, 30));
        Assert.Equal("complete", (await ChatAsync(server, Short))[^1].Name);
    }

    [Fact]
    public async Task Client_of_OpenAIs_API_gets_429_insufficient_quota_that_it_does_not_retry()
    {
        await using var server = await StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "15"));
        server.Model.Says("Hi.");
        const string Chat = """{"model":"fake:model","max_tokens":1,"messages":[{"role":"user","content":"Hi"}]}""";
        using (var first = await server.SendAsync(HttpMethod.Post, "api/v1/chat/completions", GuardedServer.BotKey, Chat))
            Assert.Equal(HttpStatusCode.OK, await FinishAsync(first));

        using var second = await server.SendAsync(HttpMethod.Post, "api/v1/chat/completions", GuardedServer.BotKey, Chat);

        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal("false", second.Headers.GetValues("x-should-retry").Single());
        Assert.Equal("insufficient_quota", (await GuardedServer.JsonAsync(second)).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Cost_is_in_events_and_usage_and_counts_towards_a_budget_in_money()
    {
        await using var server = await StartAsync([.. Prices, ("FuncChat:Budgets:AppCostPerMonth", "0.1")]);
        server.Model
            .Answers(FakeModel.Call(0, "a", GatedTools.Echo, """{"text":"one"}"""), FakeModel.Finish(FinishReason.ToolCalls), Usage(10_000, 8000, 1000))
            .Answers(FakeModel.Text("Done."), FakeModel.Finish(), Usage(100, null, 10));

        var events = await ChatAsync(server);

        // 2,000 × 2 + 8,000 × 0.5 + 1,000 × 10, for a million; and 100 × 2 + 10 × 10.
        Assert.Equal(["0.018", "0.0003"], events.Where(each => each.Name == "llm_response").Select(each => each.Data.GetProperty("usage").GetProperty("cost").GetRawText()));
        Assert.Equal("0.0183", events[^1].Data.GetProperty("usage").GetProperty("cost").GetRawText());
        var usage = await UsageAsync(server, GuardedServer.BotKey);
        Assert.Equal(("EUR", "0.0183", "0.0183"), (
            usage.GetProperty("currency").GetString(), usage.GetProperty("today").GetProperty("cost").GetRawText(),
            usage.GetProperty("this_month").GetProperty("cost").GetRawText()));
        Assert.False(usage.TryGetProperty("budgets", out _));

        server.Model.Otherwise(CallsEcho);
        using var loop = await server.SendAsync(HttpMethod.Post, "api/chat", GuardedServer.OtherKey, """{"messages":[{"role":"user","content":"Hello"}],"tools":["Echo"],"turn_id":"turn-0002"}""");
        var second = SseEvent.Parse(await loop.Content.ReadAsStringAsync());
        Assert.Equal(("budget_request", "app_cost_per_month", "EUR"), (second[^2].Name, second[^2].Text("limit"), second[^2].Text("currency")));
        Assert.InRange(0.0183m + second.Where(each => each.Name == "llm_response").Sum(each => each.Data.GetProperty("usage").GetProperty("cost").GetDecimal()), 0.09m, 0.1m);
    }

    [Fact]
    public async Task Warning_is_emitted_once_for_each_budget_that_is_mostly_used()
    {
        await using var server = await StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "1000"), ("FuncChat:Budgets:KeyTokensPerMonth", "100000"));
        server.Model
            .Answers(FakeModel.Call(0, "a", GatedTools.Echo, """{"text":"one"}"""), FakeModel.Finish(FinishReason.ToolCalls), FakeModel.Usage(700, 99))
            .Answers(FakeModel.Call(0, "b", GatedTools.Echo, """{"text":"two"}"""), FakeModel.Finish(FinishReason.ToolCalls), FakeModel.Usage(0, 1))
            .Answers(FakeModel.Text("Done."), FakeModel.Finish(), FakeModel.Usage(1, 1));

        var events = await ChatAsync(server, """{"turn_id":"turn-0001","max_tokens":10,"messages":[{"role":"user","content":"Hello"}],"tools":["Echo"]}""");

        var warning = Assert.Single(events, each => each.Name == "budget_warning");
        Assert.Equal(("key_tokens_per_day", "800", "1000"), (warning.Text("limit"), warning.Text("used"), warning.Text("allowed")));
        Assert.Equal("complete", events[^1].Name);
        var budgets = (await UsageAsync(server, GuardedServer.BotKey)).GetProperty("budgets");
        Assert.Equal([true, false], budgets.EnumerateArray().Select(budget => budget.GetProperty("warning").GetBoolean()));
    }

    [Fact]
    public async Task Model_without_a_price_is_refused_where_a_budget_is_in_money()
    {
        await using var server = await StartAsync(("FuncChat:Budgets:AppCostPerDay", "1"), ("FuncChat:Prices:other:Model", "other:*"), ("FuncChat:Prices:other:Input", "1"), ("FuncChat:Prices:other:Output", "1"));

        var events = await ChatAsync(server);

        Assert.Equal(("error", "CONFIGURATION_ERROR"), (events[^1].Name, events[^1].Text("code")));
        Assert.Contains("has no price", events[^1].Text("error"), StringComparison.Ordinal);
        Assert.Empty(server.Model.Requests);
    }

    [Fact]
    public async Task Users_budget_applies_to_signed_in_users_and_not_to_keys()
    {
        await using var server = await StartAsync(("FuncChat:Budgets:UserTokensPerMonth", "50"));
        server.Model.Says("Hi.");

        Assert.Equal("complete", (await ChatAsync(server))[^1].Name);

        using var user = await server.SendAsync(HttpMethod.Post, "api/chat", server.Issuer.TokenWith(), Body);
        Assert.Contains("user_tokens_per_month", await user.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static (string Name, string Value)[] Prices =>
    [
        ("FuncChat:Prices:Currency", "EUR"), ("FuncChat:Prices:fake:Model", "fake:*"), ("FuncChat:Prices:fake:Input", "2"),
        ("FuncChat:Prices:fake:CachedInput", "0.5"), ("FuncChat:Prices:fake:Output", "10"),
    ];

    private static ModelChunk Usage(long input, long? cached, long output) => ModelChunk.OfUsage(new ModelUsage(input, output) { CachedInputTokens = cached });

    // A provider that counts as the estimate does, and a model that never stops.
    private static IEnumerable<ModelChunk> CallsEcho(ModelRequest request) =>
    [
        FakeModel.Call(0, null, GatedTools.Echo, """{"text":"again"}"""), FakeModel.Finish(FinishReason.ToolCalls),
        FakeModel.Usage(TokenEstimate.OfInput(request), Math.Min(request.Sampling.MaxTokens ?? AnswerTokens, AnswerTokens)),
    ];

    private static Task<GuardedServer> StartAsync(params (string Name, string Value)[] settings) =>
        GuardedServer.StartAsync([.. settings, ("FuncChat:Budgets:Administrators", "key:other"), ("MAX_TOOL_ITERATIONS", "50")]);

    private static async Task<IReadOnlyList<SseEvent>> ChatAsync(GuardedServer server, string body = Body)
    {
        using var response = await server.SendAsync(HttpMethod.Post, "api/chat", GuardedServer.BotKey, body);
        return SseEvent.Parse(await response.Content.ReadAsStringAsync());
    }

    private static async Task<IReadOnlyList<SseEvent>> FollowAsync(GuardedServer server)
    {
        using var response = await server.GetAsync(GuardedServer.BotKey, $"api/turns/{TurnId}");
        return SseEvent.Parse(await response.Content.ReadAsStringAsync());
    }

    private static Task<HttpResponseMessage> SignalAsync(GuardedServer server, string key, string body) => server.SendAsync(
        HttpMethod.Post, $"api/turns/{TurnId}/signals{(key == GuardedServer.BotKey ? "" : "?owner=key%20bot")}", key, body);

    private static async Task<HttpStatusCode> FinishAsync(HttpResponseMessage response)
    {
        await response.Content.ReadAsStringAsync();
        return response.StatusCode;
    }

    private static async Task<JsonElement> UsageAsync(GuardedServer server, string key)
    {
        using var response = await server.GetAsync(key, "api/usage");
        return await GuardedServer.JsonAsync(response);
    }

    private static async Task<long> UsedTodayAsync(GuardedServer server) =>
        (await UsageAsync(server, GuardedServer.BotKey)).GetProperty("today").GetProperty("tokens").GetInt64();

    private static long TokensOf(IEnumerable<SseEvent> events) => events
        .Where(each => each.Name == "llm_response").Select(each => each.Data.GetProperty("usage"))
        .Sum(usage => usage.GetProperty("input_tokens").GetInt64() + usage.GetProperty("output_tokens").GetInt64());
}
