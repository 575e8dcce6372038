using System.Text;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Plans;
using FuncChat.Engine.Searches;
using FuncChat.Engine.Store;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace FuncChat.Tests.Engine.Turns;

public sealed class TurnKindsTests
{
    // As version 1 wrote them.
    private const string StoredChat =
        """{"turn_id":"turn-0001","user":"ada","started":"2026-01-01T00:00:00+00:00","request":{"$type":"chat","model":"fake:model","messages":[{"role":"user","content":"Hello"}],"tools":["Echo"],"sampling":{"temperature":0.5},"fingerprint":"f"}}""";

    private const string StoredSearch =
        """{"turn_id":"turn-0001","user":"ada","started":"2026-01-01T00:00:00+00:00","request":{"$type":"search","queries":["tides"],"max_results":5,"include_content":true,"timeout":15,"fingerprint":"f"}}""";

    private const string StoredPlan =
        """{"turn_id":"turn-0001","user":"ada","started":"2026-01-01T00:00:00+00:00","request":{"$type":"plan","query":"Why?","model":"fake:model","answers":[{"question":"Where?","answer":"Here."}],"fingerprint":"f"}}""";

    [Theory]
    [InlineData(StoredChat, typeof(ChatTurnRequest))]
    [InlineData(StoredSearch, typeof(SearchTurnRequest))]
    [InlineData(StoredPlan, typeof(PlanTurnRequest))]
    public void Header_of_an_earlier_version_is_read_and_written_unchanged(string stored, Type request)
    {
        using var bench = new TurnBench();

        var header = TurnHeader.Parse(Encoding.UTF8.GetBytes(stored), bench.Kinds);

        Assert.IsType(request, header.Request);
        Assert.Equal(stored + "\n\n", Encoding.UTF8.GetString(header.ToFrame(bench.Kinds).Span));
    }

    [Fact]
    public void Chat_that_was_resolved_where_it_was_parsed_is_not_resolved_again()
    {
        using var bench = new TurnBench();
        var model = new FakeModel("other", "unlisted").Catalog;
        Assert.True(model.TryResolve(null, out var resolved, out _));
        var request = TurnBench.Request("unknown") with { Model = "unknown:unknown", Resolved = resolved };
        using var services = TestEngine.Create(scope => scope.AddSingleton(bench.Model.Catalog).AddSingleton(new ToolCatalog([])));

        Assert.True(bench.Kinds.Create(TurnBench.Key("turn-0001"), request, services).Succeeded);
        Assert.False(bench.Kinds.Create(TurnBench.Key("turn-0001"), request with { Resolved = null }, services).Succeeded);
    }

    [Fact]
    public async Task Turn_uses_the_tool_runner_of_the_scope_that_started_it()
    {
        var model = new FakeModel().Calls(("a", GatedTools.Echo, """{"text":"x"}""")).Says("Done.");
        var runners = new Queue<IToolRunner>([Runner("first"), Runner("second")]);
        await using var services = TestEngine.Create(replace => replace
            .AddSingleton(model.Catalog).AddSingleton(new ToolCatalog(new GatedTools().All))
            .AddSingleton<ITurnStore>(new MemoryTurnStore(new SharedMemory()))
            .AddScoped(_ => runners.Dequeue()));
        await using var scope = services.CreateAsyncScope();
        var request = TurnBench.Request(GatedTools.Echo);

        var turn = await scope.ServiceProvider.GetRequiredService<TurnService>().StartAsync(TurnBench.User, "turn-0001", request, CancellationToken.None);

        await using var reader = new TurnReader(turn.Value!.Follower!, new CancellationTokenSource());
        var result = (await reader.EventsToEndAsync()).Single(sent => sent.Name == "tool_call_result");
        Assert.Equal("first", result.Text("content"));
        Assert.Single(runners);
    }

    [Fact]
    public async Task Search_and_plan_run_without_a_tool_runner()
    {
        var model = new FakeModel().Says("no plan").Says("no plan");
        await using var services = TestEngine.Create(replace => replace
            .AddSingleton(model.Catalog).AddSingleton<ITurnStore>(new MemoryTurnStore(new SharedMemory()))
            .AddScoped<IToolRunner>(_ => throw new InvalidOperationException("No runner is bound to this request.")));
        await using var scope = services.CreateAsyncScope();
        var turns = scope.ServiceProvider.GetRequiredService<TurnService>();
        var search = new SearchTurnRequest { Queries = ["tides"], MaxResults = 5, IncludeContent = false, Timeout = 15, Fingerprint = "f" };
        var plan = new PlanTurnRequest { Query = "Why?", Model = FakeModel.Name, Fingerprint = "f" };

        Assert.True((await turns.StartAsync(TurnBench.User, "turn-0001", search, CancellationToken.None)).Succeeded);
        Assert.True((await turns.StartAsync(TurnBench.User, "turn-0002", plan, CancellationToken.None)).Succeeded);
    }

    private static IToolRunner Runner(string content)
    {
        var runner = new Mock<IToolRunner>();
        runner.Setup(watched => watched.RunAsync(It.IsAny<ToolRunSpec>(), It.IsAny<CancellationToken>())).Returns(EndedAsync(content));
        return runner.Object;
    }

    private static async IAsyncEnumerable<ToolRunSnapshot> EndedAsync(string content)
    {
        await Task.CompletedTask;
        yield return new ToolRunSnapshot(ToolRunStatus.Ended) { Outcome = new ToolRunOutcome(content, Failed: false) };
    }
}
