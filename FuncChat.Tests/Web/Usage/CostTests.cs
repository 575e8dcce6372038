using FuncChat.Engine.Models;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Usage;

/// <summary>Costs of model calls, and budgets in money, over HTTP.</summary>
public sealed class CostTests
{
    [Fact]
    public async Task Cost_is_in_events_and_usage_and_counts_towards_a_budget_in_money()
    {
        await using var server = await BudgetBench.StartAsync([.. Prices, ("FuncChat:Budgets:AppCostPerMonth", "0.1")]);
        server.Model
            .Answers(FakeModel.Call(0, "a", GatedTools.Echo, """{"text":"one"}"""), FakeModel.Finish(FinishReason.ToolCalls), Usage(10_000, 8000, 1000))
            .Answers(FakeModel.Text("Done."), FakeModel.Finish(), Usage(100, null, 10));

        var events = await BudgetBench.ChatAsync(server);

        // 2,000 × 2 + 8,000 × 0.5 + 1,000 × 10, for a million; and 100 × 2 + 10 × 10.
        Assert.Equal(["0.018", "0.0003"], events.Where(each => each.Name == "llm_response").Select(each => each.Data.GetProperty("usage").GetProperty("cost").GetRawText()));
        Assert.Equal("0.0183", events[^1].Data.GetProperty("usage").GetProperty("cost").GetRawText());
        var usage = await BudgetBench.UsageAsync(server, GuardedServer.BotKey);
        Assert.Equal(("EUR", "0.0183", "0.0183"), (
            usage.GetProperty("currency").GetString(), usage.GetProperty("today").GetProperty("cost").GetRawText(),
            usage.GetProperty("this_month").GetProperty("cost").GetRawText()));
        Assert.False(usage.TryGetProperty("budgets", out _));

        server.Model.Otherwise(BudgetBench.CallsEcho);
        using var loop = await server.SendAsync(HttpMethod.Post, "api/chat", GuardedServer.OtherKey, """{"messages":[{"role":"user","content":"Hello"}],"tools":["Echo"],"turn_id":"turn-0002"}""");
        var second = SseEvent.Parse(await loop.Content.ReadAsStringAsync());
        Assert.Equal(("budget_request", "app_cost_per_month", "EUR"), (second[^2].Name, second[^2].Text("limit"), second[^2].Text("currency")));
        Assert.InRange(0.0183m + second.Where(each => each.Name == "llm_response").Sum(each => each.Data.GetProperty("usage").GetProperty("cost").GetDecimal()), 0.09m, 0.1m);
    }

    [Fact]
    public async Task Model_without_a_price_is_refused_where_a_budget_is_in_money()
    {
        await using var server = await BudgetBench.StartAsync(("FuncChat:Budgets:AppCostPerDay", "1"), ("FuncChat:Prices:other:Model", "other:*"), ("FuncChat:Prices:other:Input", "1"), ("FuncChat:Prices:other:Output", "1"));

        var events = await BudgetBench.ChatAsync(server);

        Assert.Equal(("error", "CONFIGURATION_ERROR"), (events[^1].Name, events[^1].Text("code")));
        Assert.Contains("has no price", events[^1].Text("error"), StringComparison.Ordinal);
        Assert.Empty(server.Model.Requests);
    }

    private static (string Name, string Value)[] Prices =>
    [
        ("FuncChat:Prices:Currency", "EUR"), ("FuncChat:Prices:fake:Model", "fake:*"), ("FuncChat:Prices:fake:Input", "2"),
        ("FuncChat:Prices:fake:CachedInput", "0.5"), ("FuncChat:Prices:fake:Output", "10"),
    ];

    private static ModelChunk Usage(long input, long? cached, long output) => ModelChunk.OfUsage(new ModelUsage(input, output) { CachedInputTokens = cached });
}
