using System.Net;
using FuncChat.Engine.Models;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Usage;

/// <summary>Budgets that are reached by the model calls of a tool, over HTTP.</summary>
public sealed class ToolBudgetTests
{
    [Theory]
    [InlineData(GatedTools.AsksInSteps)]
    [InlineData(GatedTools.LongAsksInSteps)]
    public async Task Tool_that_reaches_a_budget_waits_and_continues_after_its_last_step_once_the_budget_is_raised(string tool)
    {
        await using var server = await BudgetBench.StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "2000"));
        server.Model.Calls(("a", tool, "{}")).Answers(FakeModel.Text("one"), FakeModel.Finish(), FakeModel.Usage(1900, 10));

        var before = await BudgetBench.ChatAsync(server, BudgetBench.Body.Replace("Echo", tool, StringComparison.Ordinal));

        Assert.Equal(["budget_request", "parked"], before.TakeLast(2).Select(each => each.Name));
        Assert.Equal(("key_tokens_per_day", "a", "1925"), (before[^2].Text("limit"), before[^2].Text("call_id"), before[^2].Text("used")));
        Assert.DoesNotContain(before, each => each.Name == "tool_call_result");
        server.Model.Says("two").Says("Done.");

        using (var raised = await BudgetBench.SignalAsync(server, GuardedServer.OtherKey, """{"type":"approve","request_id":"req_1","arguments":{"amount":3000}}"""))
            Assert.Equal(HttpStatusCode.OK, await BudgetBench.FinishAsync(raised));

        var events = await BudgetBench.FollowAsync(server);
        Assert.Equal("complete", events[^1].Name);
        Assert.Equal("one two", events.Single(each => each.Name == "tool_call_result").Text("content"));
        Assert.Equal(4, server.Model.Requests.Count);
        Assert.Equal(BudgetBench.TokensOf(events), await BudgetBench.UsedTodayAsync(server));
        Assert.Equal([1, 2], events.Where(each => each.Name == "llm_response" && each.Text("tool") == tool).Select(each => each.Data.GetProperty("iteration").GetInt32()));
    }

    [Fact]
    public async Task Deletion_of_a_thread_removes_every_run_of_a_tool_that_waited_for_a_budget()
    {
        await using var server = await BudgetBench.StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "2000"));
        server.Model.Calls(("a", GatedTools.LongAsksInSteps, "{}")).Answers(FakeModel.Text("one"), FakeModel.Finish(), FakeModel.Usage(1900, 10)).Says("two").Says("Done.");
        await BudgetBench.ChatAsync(server, BudgetBench.Body.Replace("Echo", GatedTools.LongAsksInSteps, StringComparison.Ordinal).Replace("{\"turn_id\"", "{\"thread_id\":\"thread-0001\",\"turn_id\"", StringComparison.Ordinal));
        using (var raised = await BudgetBench.SignalAsync(server, GuardedServer.OtherKey, """{"type":"approve","request_id":"req_1","arguments":{"amount":3000}}"""))
            await BudgetBench.FinishAsync(raised);
        var runs = Path.Combine(server.DataPath, "runs");
        Assert.Equal(2, Directory.GetFiles(runs).Length);

        using var deleted = await server.SendAsync(HttpMethod.Delete, "api/threads/thread-0001", GuardedServer.BotKey);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(Directory.GetFiles(runs));
    }

    [Fact]
    public async Task Turn_ends_when_the_budget_that_a_tool_needs_is_not_raised()
    {
        await using var server = await BudgetBench.StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "2000"));
        server.Model.Calls(("a", GatedTools.AsksInSteps, "{}")).Answers(FakeModel.Text("one"), FakeModel.Finish(), FakeModel.Usage(1900, 10));
        await BudgetBench.ChatAsync(server, BudgetBench.Body.Replace("Echo", GatedTools.AsksInSteps, StringComparison.Ordinal));

        using (var denied = await BudgetBench.SignalAsync(server, GuardedServer.OtherKey, """{"type":"deny","request_id":"req_1"}"""))
            Assert.Equal(HttpStatusCode.OK, await BudgetBench.FinishAsync(denied));

        var events = await BudgetBench.FollowAsync(server);
        Assert.Equal(("error", "BUDGET_EXCEEDED"), (events[^1].Name, events[^1].Text("code")));
        Assert.Equal(2, server.Model.Requests.Count);
    }

    [Fact]
    public async Task Each_of_several_tools_that_reach_a_budget_waits_for_its_own_raise()
    {
        await using var server = await BudgetBench.StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "300"));
        server.Model.Answers(
            FakeModel.Call(0, "a", GatedTools.AsksInSteps), FakeModel.Call(1, "b", GatedTools.LongAsksInSteps), FakeModel.Finish(FinishReason.ToolCalls), FakeModel.Usage(250, 10));
        var before = await BudgetBench.ChatAsync(
            server, $$"""{"turn_id":"turn-0001","messages":[{"role":"user","content":"Hello"}],"tools":["{{GatedTools.AsksInSteps}}","{{GatedTools.LongAsksInSteps}}"]}""");
        server.Model.Otherwise(static _ => [FakeModel.Text("x"), FakeModel.Finish(), FakeModel.Usage(10, 5)]);

        using (var first = await BudgetBench.SignalAsync(server, GuardedServer.OtherKey, """{"type":"approve","request_id":"req_1","arguments":{"amount":5000}}"""))
            await BudgetBench.FinishAsync(first);
        Assert.Equal("parked", (await BudgetBench.FollowAsync(server))[^1].Name);
        using (var second = await BudgetBench.SignalAsync(server, GuardedServer.OtherKey, """{"type":"approve","request_id":"req_2","arguments":{"amount":5000}}"""))
            await BudgetBench.FinishAsync(second);

        Assert.Equal(["a", "b"], before.Where(each => each.Name == "budget_request").Select(each => each.Text("call_id")).Order(StringComparer.Ordinal));
        var events = await BudgetBench.FollowAsync(server);
        Assert.Equal("complete", events[^1].Name);
        Assert.Equal(["x x", "x x"], events.Where(each => each.Name == "tool_call_result").Select(each => each.Text("content")));
    }

    [Fact]
    public async Task Tool_call_fails_at_a_budget_that_no_one_can_raise()
    {
        await using var server = await GuardedServer.StartAsync(("FuncChat:Budgets:KeyTokensPerDay", "2000"));
        server.Model.Calls(("a", GatedTools.AsksInSteps, "{}")).Answers(FakeModel.Text("one"), FakeModel.Finish(), FakeModel.Usage(1900, 10));

        var events = await BudgetBench.ChatAsync(server, BudgetBench.Body.Replace("Echo", GatedTools.AsksInSteps, StringComparison.Ordinal));

        Assert.Contains("The API key's budget for models of this day has no room for another call.", events.Single(each => each.Name == "tool_call_result").Text("content"), StringComparison.Ordinal);
        Assert.Equal(("error", "BUDGET_EXCEEDED"), (events[^1].Name, events[^1].Text("code")));
    }
}
