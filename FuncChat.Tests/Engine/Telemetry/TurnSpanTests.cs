using System.Diagnostics;
using FuncChat.Engine;
using FuncChat.Engine.Telemetry;
using FuncChat.Engine.ToolRuns;
using FuncChat.Tests.Support;
using FuncChat.Tools;

namespace FuncChat.Tests.Engine.Telemetry;

public sealed class TurnSpanTests : IDisposable
{
    private const string Turn = "invoke_agent FuncChat";
    private const string Chat = "chat model";
    private const string Echo = "execute_tool Echo";
    private const string Secret = "Canary5d1c";

    private readonly RecordedSpans _spans = new();
    private readonly List<TurnBench> _benches = [];

    [Fact]
    public async Task Turn_its_model_calls_and_its_tool_runs_are_one_tree_beneath_the_request()
    {
        var bench = Bench();
        bench.Model.Calls(("a", GatedTools.Echo, """{"text":"x"}""")).Says("Done.");

        await RunAsync(bench, GatedTools.Echo);

        var turn = _spans.Single(Turn);
        Assert.Equal(_spans.Request.SpanId, turn.ParentSpanId);
        Assert.Equal([Chat, Chat, Echo], _spans.All.Where(span => span.ParentSpanId == turn.SpanId).Select(span => span.DisplayName).Order());
        Assert.All(_spans.All, span => Assert.Equal("turn-0001", span.GetTagItem("funcchat.turn.id")));
        Assert.Equal(("success", 20L, 10L), (turn.GetTagItem("funcchat.turn.outcome"), turn.GetTagItem("gen_ai.usage.input_tokens"), turn.GetTagItem("gen_ai.usage.output_tokens")));
        Assert.Equal(("fake", "model", "invoke_agent"),
            (turn.GetTagItem("gen_ai.provider.name"), turn.GetTagItem("gen_ai.request.model"), turn.GetTagItem("gen_ai.operation.name")));
    }

    [Fact]
    public async Task Model_call_tells_what_the_conventions_ask_for()
    {
        var bench = Bench();
        bench.Model.Says("Hi.");

        await RunAsync(bench);

        var call = _spans.Single(Chat);
        Assert.Equal(ActivityKind.Client, call.Kind);
        Assert.Equal(ActivityStatusCode.Unset, call.Status);
        Assert.Equal(("chat", "fake", "model", true),
            (call.GetTagItem("gen_ai.operation.name"), call.GetTagItem("gen_ai.provider.name"), call.GetTagItem("gen_ai.request.model"), call.GetTagItem("gen_ai.request.stream")));
        Assert.Equal(["stop"], Assert.IsType<string[]>(call.GetTagItem("gen_ai.response.finish_reasons")));
        Assert.Equal((10L, 5L, 0d),
            (call.GetTagItem("gen_ai.usage.input_tokens"), call.GetTagItem("gen_ai.usage.output_tokens"), call.GetTagItem("gen_ai.response.time_to_first_chunk")));
    }

    [Fact]
    public async Task Model_call_of_a_tool_is_the_tool_runs_child()
    {
        var bench = Bench();
        bench.Model.Calls(("a", GatedTools.Asks, "{}")).Says("One.").Says("Two.").Says("Done.");
        bench.Tools.Go.Set();

        await RunAsync(bench, GatedTools.Asks);

        var tool = _spans.Single("execute_tool Asks");
        Assert.Equal(("a", "function"), (tool.GetTagItem("gen_ai.tool.call.id"), tool.GetTagItem("gen_ai.tool.type")));
        Assert.Equal([Chat, Chat], _spans.All.Where(span => span.ParentSpanId == tool.SpanId).Select(span => span.DisplayName));
    }

    [Fact]
    public async Task Failure_of_the_model_ends_its_span_and_the_turns_with_the_code()
    {
        var bench = Bench();
        bench.Model.Fails(new AppError(ErrorCode.UpstreamTimeout, $"It said {Secret}."), FakeModel.Text("We"));

        await RunAsync(bench);

        Assert.All([_spans.Single(Chat), _spans.Single(Turn)], span => Assert.Equal(("UPSTREAM_TIMEOUT", ActivityStatusCode.Error), (span.GetTagItem("error.type"), span.Status)));
        Assert.Equal("UPSTREAM_TIMEOUT", _spans.Single(Turn).GetTagItem("funcchat.turn.outcome"));
        Assert.DoesNotContain(Secret, _spans.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_of_a_tool_ends_its_span_as_failed_and_not_the_turns()
    {
        var bench = Bench();
        bench.Model.Calls(("a", GatedTools.Fails, "{}")).Says("Done.");

        await RunAsync(bench, GatedTools.Fails);

        Assert.Equal(("tool_failed", ActivityStatusCode.Error), (_spans.Single("execute_tool Fails").GetTagItem("error.type"), _spans.Single("execute_tool Fails").Status));
        Assert.Equal("success", _spans.Single(Turn).GetTagItem("funcchat.turn.outcome"));
    }

    [Fact]
    public async Task Stop_ends_the_spans_of_all_that_was_under_way_as_cancelled()
    {
        var bench = Bench();
        bench.Model.Calls(("a", GatedTools.Quick, "{}"));
        await using var reader = await bench.StartAsync("turn-0001", GatedTools.Quick);
        await bench.Tools.Started.WaitAsync();

        await bench.Turns.StopAsync(TurnBench.Key("turn-0001"), CancellationToken.None);
        await bench.Tools.Cancelled.WaitAsync();

        Assert.Equal(("CANCELLED", "CANCELLED"), (_spans.Single(Turn).GetTagItem("error.type"), _spans.Single(Turn).GetTagItem("funcchat.turn.outcome")));
    }

    [Fact]
    public async Task Turn_continued_elsewhere_links_to_the_trace_in_which_it_began()
    {
        var bench = Bench();
        bench.Model.Calls(("a", GatedTools.Quick, "{}"));
        await using var reader = await bench.StartAsync("turn-0001", GatedTools.Quick);
        await bench.Tools.Started.WaitAsync();
        var leaving = bench.Runtime.DrainAsync();
        bench.Tools.Go.Set();
        await leaving;
        Assert.Equal("left", _spans.Single(Turn).GetTagItem("funcchat.turn.outcome"));

        using var elsewhere = new RecordedSpans();
        var other = Bench(dataPath: bench.DataPath);
        other.Model.Says("Done.");
        await using var follower = await other.FollowAsync();
        await follower.EventsToEndAsync();
        await other.QuietAsync();

        var turn = elsewhere.Single(Turn);
        Assert.Equal(true, turn.GetTagItem("funcchat.turn.continued"));
        Assert.Equal(_spans.Request.Context.SpanId, Assert.Single(turn.Links).Context.SpanId);
        Assert.Equal("success", turn.GetTagItem("funcchat.turn.outcome"));
    }

    [Fact]
    public async Task Tool_run_in_another_process_is_the_turns_child_and_links_to_what_runs_it()
    {
        var bench = Bench();
        var spec = new ToolRunSpec(ToolRunSpec.IdOf(TurnBench.Key("turn-0001"), "a"), "a", new ToolRef(GatedTools.Echo), """{"text":"x"}""", FakeModel.Name)
        {
            TraceParent = _spans.Request.Id,
        };
        using var invocation = new Activity("activity").SetParentId(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom()).Start();

        await foreach (var snapshot in bench.Runner.RunAsync(spec, CancellationToken.None))
            Assert.NotEqual(ToolRunStatus.Queued, snapshot.Status);

        var run = _spans.Single(Echo);
        Assert.Equal(_spans.Request.SpanId, run.ParentSpanId);
        Assert.Equal(invocation.SpanId, Assert.Single(run.Links).Context.SpanId);
        Assert.Equal(spec.RunId, run.GetTagItem("funcchat.tool_run.id"));
    }

    [Fact]
    public async Task Spans_have_no_content_and_no_user_by_default()
    {
        await SaySecretsAsync(Bench());

        Assert.Equal(4, _spans.All.Count);
        Assert.DoesNotContain(Secret, _spans.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_spans.All.SelectMany(span => span.TagObjects), tag => TurnBench.User.Equals(tag.Value));
    }

    [Fact]
    public async Task Spans_hold_messages_arguments_and_results_when_content_is_asked_for()
    {
        using var metrics = new RecordedMetrics();
        await SaySecretsAsync(Bench(new EngineTelemetry(metrics.Meters, capturesContent: true)));

        var (first, last) = (_spans.All.First(span => span.DisplayName == Chat), _spans.All.Last(span => span.DisplayName == Chat));
        Assert.Equal($$"""[{"role":"user","parts":[{"type":"text","content":"Hello"}]}]""", first.GetTagItem("gen_ai.input.messages"));
        Assert.Equal(
            $$"""[{"role":"assistant","parts":[{"type":"tool_call","id":"a","name":"Echo","arguments":"{\"text\":\"{{Secret}}\"}"}]}]""",
            first.GetTagItem("gen_ai.output.messages"));
        Assert.Contains($$"""{"type":"tool_call_response","id":"a","response":"{{Secret}}"}""", (string)last.GetTagItem("gen_ai.input.messages")!, StringComparison.Ordinal);
        Assert.Equal($$"""[{"role":"assistant","parts":[{"type":"text","content":"{{Secret}}"}]}]""", last.GetTagItem("gen_ai.output.messages"));
        Assert.Equal(($$"""{"text":"{{Secret}}"}""", Secret), (_spans.Single(Echo).GetTagItem("gen_ai.tool.call.arguments"), _spans.Single(Echo).GetTagItem("gen_ai.tool.call.result")));
    }

    public void Dispose()
    {
        _benches.ForEach(bench => bench.Dispose());
        _spans.Dispose();
    }

    private static Task SaySecretsAsync(TurnBench bench)
    {
        bench.Model.Calls(("a", GatedTools.Echo, $$"""{"text":"{{Secret}}"}""")).Says(Secret);
        return RunAsync(bench, GatedTools.Echo);
    }

    private static async Task RunAsync(TurnBench bench, params string[] tools)
    {
        await bench.RunAsync(tools);
        await bench.QuietAsync();
    }

    private TurnBench Bench(EngineTelemetry? telemetry = null, string? dataPath = null)
    {
        var bench = new TurnBench(telemetry: telemetry, dataPath: dataPath);
        _benches.Add(bench);
        return bench;
    }
}
