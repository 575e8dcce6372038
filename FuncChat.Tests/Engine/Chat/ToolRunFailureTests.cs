using System.Runtime.CompilerServices;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Chat.Approvals;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Turns;
using FuncChat.Engine.Usage;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Engine.Chat;

/// <summary>Tool calls whose tool, or whose runner, fails.</summary>
public sealed class ToolRunFailureTests
{
    [Theory]
    [InlineData(GatedTools.Fails, """{"error":"The page \"x\" is gone."}""")]
    [InlineData(GatedTools.Breaks, """{"error":"The tool failed unexpectedly. Do not retry with the same arguments."}""")]
    public async Task Tool_that_fails_does_not_end_the_turn(string tool, string content)
    {
        using var bench = new TurnBench();
        bench.Model.Calls(("a", tool, "{}")).Says("Sorry.");

        var events = await bench.RunAsync(tool);

        var result = events.Single(e => e.Name == "tool_call_result");
        Assert.Equal(("True", content), (result.Text("error"), result.Text("content")));
        Assert.Equal("complete", events[^1].Name);
    }

    [Fact]
    public async Task Call_fails_and_the_turn_continues_when_its_run_cannot_be_watched()
    {
        using var bench = new TurnBench(runner: new UnreachableRunner());
        bench.Model.Calls(("a", GatedTools.Echo, """{"text":"x"}""")).Says("Sorry.");

        var events = await bench.RunAsync(GatedTools.Echo);

        var result = events.Single(e => e.Name == "tool_call_result");
        Assert.Equal("True", result.Text("error"));
        Assert.Contains("temporarily unavailable", result.Text("content"), StringComparison.Ordinal);
        Assert.Equal("complete", events[^1].Name);
    }

    [Fact]
    public async Task Failure_of_one_watch_is_reported_while_the_other_calls_run()
    {
        var tools = new GatedTools();
        using var runs = new TemporaryFolder();
        var inProcess = TestToolRunner.InProcess(tools.All, new FakeModel().Catalog, new FileToolRunStore(runs.Path), TimeProvider.System);
        using var bench = new TurnBench(runner: new UnreachableRunner(GatedTools.Echo, inProcess));
        bench.Model.Calls(("slow", GatedTools.Quick, "{}"), ("lost", GatedTools.Echo, """{"text":"x"}""")).Says("Done.");
        await using var reader = await bench.StartAsync(tools: [GatedTools.Quick, GatedTools.Echo]);

        await reader.UntilAsync("event: tool_call_result");
        Assert.Equal("lost", reader.Events.Single(e => e.Name == "tool_call_result").Text("id"));
        tools.Go.Set();

        Assert.Equal("complete", (await reader.EventsToEndAsync())[^1].Name);
    }

    [Fact]
    public async Task Run_that_waited_for_a_budget_fails_when_no_one_can_raise_it_any_more()
    {
        using var bench = new TurnBench(runner: new SpentRunner());
        bench.Model.Calls(("a", GatedTools.Long, "{}")).Says("Done.");

        var events = await bench.RunAsync(GatedTools.Long);

        var result = events.Single(each => each.Name == "tool_call_result");
        Assert.Equal(("True", """{"error":"The budget for models is spent, and it was not raised."}"""), (result.Text("error"), result.Text("content")));
        Assert.Equal("complete", events[^1].Name);
    }

    [Fact]
    public async Task Every_run_is_cancelled_when_one_cannot_be()
    {
        var runner = new UnreachableRunner();
        var policy = new ApprovalPolicy(Options.Create(new ApprovalOptions()), Options.Create(new TurnOptions()));
        var approvals = new ToolApprovals(policy, TurnBench.User, [], mayAsk: true, new PersonRequests(), TimeProvider.System);
        var dispatcher = new ToolDispatcher(
            TurnBench.Key("turn-0001"), FakeModel.Name, ToolUser.Unknown, runner, new ToolArguments(), new AddressCheck(new UntrustedResults(new ToolCatalog([]), "user"), new ToolCatalog([])),
            approvals, new TurnOptions(), TimeProvider.System, NullLogger.Instance, budget: null, threadId: null, () => Task.FromResult<FuncChat.Engine.AppError?>(null));
        var batch = new ToolCallBatch([new ToolCall("a", ToolCall.FunctionType, new ToolCallFunction("x", "{}")), new ToolCall("b", ToolCall.FunctionType, new ToolCallFunction("x", "{}"))]);
        batch.Start("a");
        batch.Start("b");

        await Assert.ThrowsAsync<HttpRequestException>(() => dispatcher.CancelAsync(batch));

        Assert.Equal(2, runner.Cancelled);
    }

    /// <summary>Runs that ended at a budget, as they are stored.</summary>
    private sealed class SpentRunner : IToolRunner
    {
        public async IAsyncEnumerable<ToolRunSnapshot> RunAsync(ToolRunSpec spec, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            var need = new BudgetNeed("user_cost_per_month", 5, 0.1m, 5, 1, "EUR", new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));
            yield return new ToolRunSnapshot(ToolRunStatus.Ended) { Outcome = new ToolRunOutcome("", Failed: false) { Budget = need } };
        }

        public Task CancelAsync(string runId, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Reaches the runs of one tool no more, or of any where none is named.</summary>
    private sealed class UnreachableRunner(string? tool = null, IToolRunner? others = null) : IToolRunner
    {
        public int Cancelled { get; private set; }

        public IAsyncEnumerable<ToolRunSnapshot> RunAsync(ToolRunSpec spec, CancellationToken cancellationToken) =>
            others is null || spec.Tool.Name == tool ? FailAsync(cancellationToken) : others.RunAsync(spec, cancellationToken);

        public async Task CancelAsync(string runId, CancellationToken cancellationToken)
        {
            Cancelled++;
            await Task.Yield();
            throw new HttpRequestException("The orchestration service does not answer.");
        }

        private static async IAsyncEnumerable<ToolRunSnapshot> FailAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return new ToolRunSnapshot(ToolRunStatus.Executing);
            throw new HttpRequestException("The orchestration service does not answer.");
        }
    }
}
