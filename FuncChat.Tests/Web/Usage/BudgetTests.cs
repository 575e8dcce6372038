using System.Net;
using FuncChat.Engine.Models;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Usage;

/// <summary>Budgets of model calls, over HTTP.</summary>
public sealed class BudgetTests
{
    private const string Short = """{"messages":[{"role":"user","content":"Hi"}],"max_tokens":1}""";

    [Fact]
    public async Task Runaway_tool_loop_is_stopped_at_the_promised_token_and_waits_for_an_administrator()
    {
        await using var server = await BudgetBench.StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "5000"));
        server.Model.Otherwise(BudgetBench.CallsEcho);

        var events = await BudgetBench.ChatAsync(server);

        Assert.Equal(["budget_request", "parked"], events.TakeLast(2).Select(each => each.Name));
        var asked = events[^2];
        var used = BudgetBench.TokensOf(events);
        Assert.Equal(("key_tokens_per_day", $"{used}", "5000", "2026-01-02T00:00:00+00:00"), (asked.Text("limit"), asked.Text("used"), asked.Text("allowed"), asked.Text("resets_at")));
        Assert.InRange(used, 5000 - asked.Data.GetProperty("needed").GetInt64() + 1, 5000);
        Assert.Equal(events.Count(each => each.Name == "llm_request"), server.Model.Requests.Count);
        Assert.All(server.Model.Requests, request => Assert.InRange(request.Sampling.MaxTokens!.Value, 64, 5000));
        Assert.True(server.Model.Requests[^1].Sampling.MaxTokens < 1000);
    }

    [Fact]
    public async Task Raised_budget_lets_the_turn_continue_and_pays_nothing_twice()
    {
        await using var server = await BudgetBench.StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "2000"));
        server.Model.Otherwise(BudgetBench.CallsEcho);
        var before = await BudgetBench.ChatAsync(server);
        var calls = server.Model.Requests.Count;
        server.Model.Says("Done.");

        using (var raised = await BudgetBench.SignalAsync(server, GuardedServer.OtherKey, $$$"""{"type":"approve","request_id":"{{{before[^2].Text("id")}}}","arguments":{"amount":3000}}"""))
            Assert.Equal(HttpStatusCode.OK, await BudgetBench.FinishAsync(raised));

        var events = await BudgetBench.FollowAsync(server);
        Assert.Equal("complete", events[^1].Name);
        Assert.Equal(calls + 1, server.Model.Requests.Count);
        Assert.Equal(BudgetBench.TokensOf(events), await BudgetBench.UsedTodayAsync(server));
        Assert.Equal("5000", (await BudgetBench.UsageAsync(server, GuardedServer.BotKey)).GetProperty("budgets")[0].GetProperty("allowed").GetRawText());
    }

    [Fact]
    public async Task Approval_without_an_amount_raises_the_budget_by_what_the_request_names()
    {
        await using var server = await BudgetBench.StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "1000"));
        server.Model.Otherwise(BudgetBench.CallsEcho);
        var before = await BudgetBench.ChatAsync(server);

        using (var raised = await BudgetBench.SignalAsync(server, GuardedServer.OtherKey, $$"""{"type":"approve","request_id":"{{before[^2].Text("id")}}"}"""))
            await BudgetBench.FinishAsync(raised);

        var after = await BudgetBench.FollowAsync(server);
        var raise = before[^2].Data.GetProperty("raise").GetInt64();
        Assert.InRange(raise, 200, 400);
        Assert.Equal(("budget_request", 1000 + raise), (after[^2].Name, after[^2].Data.GetProperty("allowed").GetInt64()));
        Assert.InRange(BudgetBench.TokensOf(after), BudgetBench.TokensOf(before) + 1, 1000 + raise);
    }

    [Fact]
    public async Task Approval_without_an_amount_covers_what_is_overspent()
    {
        await using var server = await BudgetBench.StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "3000"));
        server.Model.Answers(FakeModel.Text("Hi."), FakeModel.Finish(), FakeModel.Usage(5000, 10)).Says("Done.");
        await BudgetBench.ChatAsync(server, """{"messages":[{"role":"user","content":"Hi"}]}""");
        var before = await BudgetBench.ChatAsync(server);
        var asked = before[^2].Data;
        Assert.Equal((5010, 3000), (asked.GetProperty("used").GetInt64(), asked.GetProperty("allowed").GetInt64()));

        using (var raised = await BudgetBench.SignalAsync(server, GuardedServer.OtherKey, $$"""{"type":"approve","request_id":"{{before[^2].Text("id")}}"}"""))
            await BudgetBench.FinishAsync(raised);

        Assert.Equal(2010 + asked.GetProperty("needed").GetInt64(), asked.GetProperty("raise").GetInt64());
        Assert.Equal("complete", (await BudgetBench.FollowAsync(server))[^1].Name);
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
        await using var server = await BudgetBench.StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "100"));
        await BudgetBench.ChatAsync(server);

        using var refused = await BudgetBench.SignalAsync(server, GuardedServer.OtherKey, body);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("parked", (await BudgetBench.FollowAsync(server))[^1].Name);
    }

    [Fact]
    public async Task User_cannot_raise_the_own_budget_and_ends_the_turn_with_a_denial()
    {
        await using var server = await BudgetBench.StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "100"));
        await BudgetBench.ChatAsync(server);

        using (var own = await BudgetBench.SignalAsync(server, GuardedServer.BotKey, """{"type":"approve","request_id":"req_1"}"""))
            Assert.Equal(HttpStatusCode.Forbidden, own.StatusCode);
        using (var denied = await BudgetBench.SignalAsync(server, GuardedServer.BotKey, """{"type":"deny","request_id":"req_1"}"""))
            Assert.Equal(HttpStatusCode.OK, await BudgetBench.FinishAsync(denied));

        var events = await BudgetBench.FollowAsync(server);
        Assert.Equal(("error", "BUDGET_EXCEEDED"), (events[^1].Name, events[^1].Text("code")));
        Assert.Empty(server.Model.Requests);
    }

    [Fact]
    public async Task Turn_ends_at_the_budget_when_no_one_can_raise_it()
    {
        await using var server = await GuardedServer.StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "600"));
        server.Model.Otherwise(BudgetBench.CallsEcho);

        var events = await BudgetBench.ChatAsync(server);
        Assert.Equal(("error", "BUDGET_EXCEEDED", "insufficient_quota"), (events[^1].Name, events[^1].Text("code"), events[^1].Text("reason")));
        Assert.InRange(BudgetBench.TokensOf(events), 1, 600);
    }

    [Fact]
    public async Task Turn_is_429_when_a_budget_is_spent_that_no_one_can_raise()
    {
        await using var server = await GuardedServer.StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "15"));
        server.Model.Says("Hi.").Says("Tomorrow.");
        Assert.Equal("complete", (await BudgetBench.ChatAsync(server, Short))[^1].Name);

        using var next = await server.SendAsync(HttpMethod.Post, "api/chat", GuardedServer.BotKey, Short);

        Assert.Equal((HttpStatusCode.TooManyRequests, new TimeSpan(11, 59, 30)), (next.StatusCode, next.Headers.RetryAfter?.Delta));
        var problem = await GuardedServer.JsonAsync(next);
        Assert.Equal(("BUDGET_EXCEEDED", "key_tokens_per_day"), (problem.GetProperty("code").GetString(), problem.GetProperty("limit").GetString()));
        server.Time.Advance(new TimeSpan(11, 59, 30));
        Assert.Equal("complete", (await BudgetBench.ChatAsync(server, Short))[^1].Name);
    }

    [Fact]
    public async Task Client_of_OpenAIs_API_gets_429_insufficient_quota_that_it_does_not_retry()
    {
        await using var server = await BudgetBench.StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "15"));
        server.Model.Says("Hi.");
        const string Chat = """{"model":"fake:model","max_tokens":1,"messages":[{"role":"user","content":"Hi"}]}""";
        using (var first = await server.SendAsync(HttpMethod.Post, "api/v1/chat/completions", GuardedServer.BotKey, Chat))
            Assert.Equal(HttpStatusCode.OK, await BudgetBench.FinishAsync(first));

        using var second = await server.SendAsync(HttpMethod.Post, "api/v1/chat/completions", GuardedServer.BotKey, Chat);

        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal("false", second.Headers.GetValues("x-should-retry").Single());
        Assert.Equal("insufficient_quota", (await GuardedServer.JsonAsync(second)).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Warning_is_emitted_once_for_each_budget_that_is_mostly_used()
    {
        await using var server = await BudgetBench.StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "1000"), ("FuncChat:Budgets:KeyTokensPerMonth", "100000"));
        server.Model
            .Answers(FakeModel.Call(0, "a", GatedTools.Echo, """{"text":"one"}"""), FakeModel.Finish(FinishReason.ToolCalls), FakeModel.Usage(700, 99))
            .Answers(FakeModel.Call(0, "b", GatedTools.Echo, """{"text":"two"}"""), FakeModel.Finish(FinishReason.ToolCalls), FakeModel.Usage(0, 1))
            .Answers(FakeModel.Text("Done."), FakeModel.Finish(), FakeModel.Usage(1, 1));

        var events = await BudgetBench.ChatAsync(server, """{"turn_id":"turn-0001","max_tokens":10,"messages":[{"role":"user","content":"Hello"}],"tools":["Echo"]}""");

        var warning = Assert.Single(events, each => each.Name == "budget_warning");
        Assert.Equal(("key_tokens_per_day", "800", "1000"), (warning.Text("limit"), warning.Text("used"), warning.Text("allowed")));
        Assert.Equal("complete", events[^1].Name);
        var budgets = (await BudgetBench.UsageAsync(server, GuardedServer.BotKey)).GetProperty("budgets");
        Assert.Equal([true, false], budgets.EnumerateArray().Select(budget => budget.GetProperty("warning").GetBoolean()));
    }

    [Fact]
    public async Task Users_budget_applies_to_signed_in_users_and_not_to_keys()
    {
        await using var server = await BudgetBench.StartAsync(("FuncChat:Budgets:UserTokensPerMonth", "50"));
        server.Model.Says("Hi.");

        Assert.Equal("complete", (await BudgetBench.ChatAsync(server))[^1].Name);

        using var user = await server.SendAsync(HttpMethod.Post, "api/chat", server.Issuer.TokenWith(), BudgetBench.Body);
        Assert.Contains("user_tokens_per_month", await user.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
