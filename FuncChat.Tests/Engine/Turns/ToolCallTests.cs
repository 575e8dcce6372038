using System.Runtime.CompilerServices;
using System.Text.Json;
using FuncChat.Engine.ToolRuns;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Turns;

public sealed class ToolCallTests : IDisposable
{
    private readonly TurnBench _bench = new(options =>
    {
        options.MaxToolCalls = 4;
        options.ParallelToolCalls = 2;
        options.MaxToolResult = 1000;
    });

    private FakeModel Model => _bench.Model;

    [Fact]
    public async Task Results_stand_in_the_order_of_the_calls_though_they_end_in_another()
    {
        Model.Calls(("slow", GatedTools.Quick, "{}"), ("fast", GatedTools.Echo, """{"text":"x"}""")).Says("Done.");
        await using var reader = await _bench.StartAsync(tools: [GatedTools.Quick, GatedTools.Echo]);
        await reader.UntilAsync("event: tool_call_result");
        Assert.Equal("fast", reader.Events.Single(e => e.Name == "tool_call_result").Text("id"));
        _bench.Tools.Go.Set();

        var events = await reader.EventsToEndAsync();

        Assert.Equal(["fast", "slow"], events.Where(e => e.Name == "tool_call_result").Select(e => e.Text("id")));
        Assert.Equal(["slow", "fast"], ResultIds(events));
        Assert.Equal(["slow", "fast"], Model.Requests[1].Messages.Skip(2).Select(message => JsonDocument.Parse(message).RootElement.GetProperty("tool_call_id").GetString()));
    }

    [Fact]
    public async Task Calls_beyond_the_places_wait_in_a_queue_that_is_told()
    {
        Model.Calls(("a", GatedTools.Quick, "{}"), ("b", GatedTools.Quick, "{}"), ("c", GatedTools.Quick, "{}")).Says("Done.");
        await using var reader = await _bench.StartAsync(tools: [GatedTools.Quick]);
        await reader.UntilAsync("\"queued\"");
        _bench.Tools.Go.Set();

        var events = await reader.EventsToEndAsync();

        Assert.Equal(["queued", "executing"], events.Where(e => e.Name == "tool_call_progress" && e.Text("id") == "c").Select(e => e.Text("status")));
        Assert.Equal(3, _bench.Tools.Runs);
    }

    [Theory]
    [InlineData("delete_everything", "{}", "There is no such tool. The tools are: Echo.")]
    [InlineData(GatedTools.Quick, "{}", "There is no such tool. The tools are: Echo.")]
    [InlineData("", "{}", "There is no such tool. The tools are: Echo.")]
    [InlineData(GatedTools.Echo, "{\"text\":", "The arguments are not valid JSON")]
    [InlineData(GatedTools.Echo, "{}", "The arguments do not fit the tool")]
    [InlineData(GatedTools.Echo, "", "The arguments do not fit the tool")]
    [InlineData(GatedTools.Echo, "null", "The arguments do not fit the tool")]
    [InlineData(GatedTools.Echo, "[]", "The arguments do not fit the tool")]
    [InlineData(GatedTools.Echo, """{"text":7}""", "The arguments do not fit the tool")]
    [InlineData(GatedTools.Echo, """{"text":"x","more":1}""", "The arguments do not fit the tool")]
    [InlineData(GatedTools.Echo, """{"text":1e999}""", "The arguments do not fit the tool")]
    public async Task Call_that_cannot_be_run_is_a_failure_that_goes_back_to_the_model(string tool, string arguments, string failure)
    {
        Model.Calls(("a", tool, arguments)).Says("Sorry.");

        var events = await _bench.RunAsync(GatedTools.Echo);

        var result = events.Single(e => e.Name == "tool_call_result");
        Assert.Equal("True", result.Text("error"));
        Assert.Contains(failure, JsonDocument.Parse(result.Text("content")!).RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(events, e => e.Name is "tool_call_start" or "tool_call_progress");
        Assert.Equal("complete", events[^1].Name);
        Assert.Equal(0, _bench.Tools.Runs);
    }

    [Fact]
    public async Task Arguments_that_no_json_reader_agrees_on_do_not_end_the_turn()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 500)) + string.Concat(Enumerable.Repeat("]", 500));
        Model.Calls(("a", GatedTools.Echo, """{"text":"\ud800"}"""), ("b", GatedTools.Echo, $$"""{"text":{{deep}}}"""), ("c", GatedTools.Echo, """{"text":"a","text":"b"}"""))
            .Says("Done.");

        var events = await _bench.RunAsync(GatedTools.Echo);

        Assert.Equal("complete", events[^1].Name);
        Assert.Equal(3, events.Count(e => e.Name == "tool_call_result"));
    }

    [Fact]
    public async Task Calls_beyond_the_limit_fail_and_the_others_run()
    {
        Model.Calls([.. Enumerable.Range(0, 6).Select(n => ($"c{n}", GatedTools.Echo, $$"""{"text":"{{n}}"}"""))]).Says("Done.");

        var events = await _bench.RunAsync(GatedTools.Echo);

        var results = events.Where(e => e.Name == "tool_call_result").ToDictionary(e => e.Text("id")!, e => e);
        Assert.Equal(["c4", "c5"], results.Where(r => r.Value.Text("error") == "True").Select(r => r.Key).Order());
        Assert.Equal("3", results["c3"].Text("content"));
        Assert.Equal(["c0", "c1", "c2", "c3", "c4", "c5"], ResultIds(events));
    }

    [Fact]
    public async Task Calls_without_an_id_or_with_one_that_is_taken_get_one_of_their_own()
    {
        Model.Answers(
                FakeModel.Call(0, "x", GatedTools.Echo, """{"text":"0"}"""), FakeModel.Call(1, "x", GatedTools.Echo, """{"text":"1"}"""),
                FakeModel.Call(2, null, GatedTools.Echo, """{"text":"2"}"""), FakeModel.Call(3, "call_1_2", GatedTools.Echo, """{"text":"3"}"""), FakeModel.Finish("tool_calls"))
            .Answers(
                FakeModel.Call(0, "x", GatedTools.Echo, """{"text":"4"}"""), FakeModel.Call(5, "a b\n\"", GatedTools.Echo, """{"text":"5"}"""),
                FakeModel.Call(9, new string('i', 500), GatedTools.Echo, """{"text":"6"}"""), FakeModel.Finish("tool_calls"))
            .Says("Done.");

        var events = await _bench.RunAsync(GatedTools.Echo);

        var results = events.Where(e => e.Name == "tool_call_result").ToDictionary(e => e.Text("id")!, e => e.Text("content"));
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6"], results.Values.Order());
        Assert.Equal("0", results["x"]);
        Assert.All(results.Keys, id => Assert.Matches("^[A-Za-z0-9_]{1,128}$", id));
        Assert.Equal("complete", events[^1].Name);
    }

    [Fact]
    public async Task Result_that_is_too_long_is_cut_with_a_note()
    {
        var text = new string('x', 5000);
        Model.Calls(("a", GatedTools.Echo, $$"""{"text":"{{text}}"}""")).Says("Done.");

        var content = (await _bench.RunAsync(GatedTools.Echo)).Single(e => e.Name == "tool_call_result").Text("content")!;

        Assert.StartsWith(text[..1000] + "\n[Cut here: the result has 5000 characters", content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Result_is_cut_between_characters_and_not_within_one()
    {
        var text = "x" + string.Concat(Enumerable.Repeat("😀", 1000));
        Model.Calls(("a", GatedTools.Echo, $$"""{"text":"{{text}}"}""")).Says("Done.");

        var events = await _bench.RunAsync(GatedTools.Echo);

        Assert.Equal("complete", events[^1].Name);
        Assert.DoesNotContain('\uFFFD', events.Single(e => e.Name == "tool_call_result").Text("content")!);
    }

    [Theory]
    [InlineData(GatedTools.Fails, """{"error":"The page \"x\" is gone."}""")]
    [InlineData(GatedTools.Breaks, """{"error":"The tool broke."}""")]
    public async Task Tool_that_fails_does_not_end_the_turn(string tool, string content)
    {
        Model.Calls(("a", tool, "{}")).Says("Sorry.");

        var events = await _bench.RunAsync(tool);

        var result = events.Single(e => e.Name == "tool_call_result");
        Assert.Equal(("True", content), (result.Text("error"), result.Text("content")));
        Assert.Equal("complete", events[^1].Name);
    }

    [Fact]
    public async Task Runner_that_fails_ends_the_turn_and_leaves_nobody_waiting()
    {
        using var bench = new TurnBench(runner: new BrokenRunner());
        bench.Model.Calls(("a", GatedTools.Echo, """{"text":"x"}"""));

        var events = await bench.RunAsync(GatedTools.Echo);
        await bench.QuietAsync();

        Assert.Equal("INTERNAL", events[^1].Text("code"));
        await using var writer = await bench.Log.ContinueAsync(TurnBench.Key("turn-0001"), CancellationToken.None);
        Assert.NotNull(writer);
    }

    public void Dispose() => _bench.Dispose();

    private static IEnumerable<string?> ResultIds(IReadOnlyList<SseEvent> events) => events[^1].Data.GetProperty("messages").EnumerateArray()
        .Where(message => message.GetProperty("role").ValueEquals("tool")).Select(message => message.GetProperty("tool_call_id").GetString());

    private sealed class BrokenRunner : IToolRunner
    {
        public async IAsyncEnumerable<ToolRunSnapshot> RunAsync(ToolRunSpec spec, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            yield return new ToolRunSnapshot(ToolRunStatus.Executing);
            throw new HttpRequestException("The orchestration service does not answer.");
        }

        public Task CancelAsync(string runId, CancellationToken cancellationToken) =>
            throw new HttpRequestException("The orchestration service does not answer.");
    }
}
