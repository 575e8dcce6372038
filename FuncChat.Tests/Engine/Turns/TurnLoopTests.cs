using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Turns;

public sealed class TurnLoopTests : IDisposable
{
    private readonly TurnBench _bench = new(options => options.MaxToolIterations = 2);

    private FakeModel Model => _bench.Model;

    [Fact]
    public async Task Answer_is_streamed_event_by_event()
    {
        Model.Answers(
            FakeModel.Reasoning("Hm."), FakeModel.Text("Grüße, "), FakeModel.Text(""), FakeModel.Reasoning("Hm."), FakeModel.Text("世界\n\n👩‍🚀 \"x\""), FakeModel.Finish(), FakeModel.Usage(12, 3));

        var events = await _bench.RunAsync();

        Assert.Equal(["status", "llm_request", "reasoning", "delta", "reasoning", "delta", "llm_response", "message_complete", "complete"], events.Select(e => e.Name));
        Assert.Equal(Enumerable.Range(1, 9).Select(id => (long)id), events.Select(e => e.Id));
        Assert.Equal("False", events[0].Text("has_tools"));
        Assert.Equal("Grüße, 世界\n\n👩‍🚀 \"x\"", events[7].Text("content"));
        Assert.Equal("""{"status":"success","messages":[{"role":"assistant","content":"Grüße, 世界\n\n👩‍🚀 \"x\""}],"iterations":1,"usage":{"input_tokens":12,"output_tokens":3}}""", events[8].Data.GetRawText());
    }

    [Fact]
    public async Task Pieces_that_come_together_are_one_event_and_hardly_longer_in_the_log_than_their_text()
    {
        const int Letters = 50_000;
        Model.Answers([.. Enumerable.Repeat(FakeModel.Text("x"), Letters), FakeModel.Finish(), FakeModel.Usage(10, 5)]);

        var events = await _bench.RunAsync();

        var deltas = events.Where(e => e.Name == "delta").ToList();
        Assert.Equal(new string('x', Letters), string.Concat(deltas.Select(e => e.Text("content"))));
        Assert.InRange(deltas.Sum(e => e.Raw.Length), Letters, Letters * 1.05);
    }

    [Fact]
    public async Task Piece_is_an_event_of_its_own_when_the_next_has_not_come()
    {
        var feed = new ModelFeed();
        Model.Plays(feed);
        await using var reader = await _bench.StartAsync();

        feed.Give(FakeModel.Text("a"));
        await reader.UntilAsync("delta");
        feed.Give(FakeModel.Text("b"));
        feed.End();

        Assert.Equal(["a", "b"], (await reader.EventsToEndAsync()).Where(e => e.Name == "delta").Select(e => e.Text("content")));
    }

    [Fact]
    public async Task Text_and_reasoning_that_come_together_keep_their_order()
    {
        Model.Answers(
            FakeModel.Reasoning("a"), FakeModel.Reasoning("b"), FakeModel.Text("c"), FakeModel.Text(new string('d', 5000)), FakeModel.Text("e"),
            FakeModel.Reasoning("f"), FakeModel.Finish());

        var events = await _bench.RunAsync();

        Assert.Equal(
            [("reasoning", "ab"), ("delta", "c"), ("delta", new string('d', 5000)), ("delta", "e"), ("reasoning", "f")],
            events.Where(e => e.Name is "delta" or "reasoning").Select(e => (e.Name, e.Text("content"))));
    }

    [Fact]
    public async Task Empty_answer_is_an_answer()
    {
        Model.Answers(FakeModel.Finish());

        var events = await _bench.RunAsync();

        Assert.Equal(["status", "llm_request", "llm_response", "message_complete", "complete"], events.Select(e => e.Name));
        Assert.Equal("""{"role":"assistant","content":""}""", events[3].Data.GetRawText());
    }

    [Fact]
    public async Task Tool_round_is_streamed_event_by_event_and_its_results_go_back_to_the_model()
    {
        Model.Answers(FakeModel.Text("Wait."), FakeModel.Call(0, "a", GatedTools.Echo, """{"text":"one"}"""), FakeModel.Finish("tool_calls"), FakeModel.Usage(1, 2)).Says("Done.");

        var events = await _bench.RunAsync(GatedTools.Echo);

        Assert.Equal(
            [
                "status", "llm_request", "delta", "llm_response", "message_complete", "tool_call_start", "tool_call_progress", "tool_call_result",
                "llm_request", "delta", "llm_response", "message_complete", "complete",
            ],
            events.Select(e => e.Name));
        Assert.Equal(["user", "assistant", "tool"], Model.Requests[1].Messages.Select(RoleOf));
        Assert.Equal("2", events[^1].Text("iterations"));
        Assert.Equal("""{"input_tokens":11,"output_tokens":7}""", events[^1].Text("usage"));
        Assert.Null(events[^1].Text("stopped_by"));
    }

    [Fact]
    public async Task Model_is_called_with_tools_declared_but_forbidden_after_the_last_round()
    {
        Model.Otherwise(request => !request.ForbidsToolCalls
            ? [FakeModel.Call(0, null, GatedTools.Echo, """{"text":"again"}"""), FakeModel.Finish("tool_calls")]
            : [FakeModel.Text("Enough."), FakeModel.Call(0, "ghost", GatedTools.Echo), FakeModel.Finish()]);

        var events = await _bench.RunAsync(GatedTools.Echo);

        Assert.Equal([(1, false), (1, false), (1, true)], Model.Requests.Select(request => (request.Tools.Count, request.ForbidsToolCalls)));
        Assert.Equal("max_iterations", events[^1].Text("stopped_by"));
        Assert.Equal("""{"role":"assistant","content":"Enough."}""", events[^2].Data.GetRawText());
        Assert.Equal(2, events.Count(e => e.Name == "tool_call_result"));
    }

    [Fact]
    public async Task Usage_counts_the_calls_that_tools_make()
    {
        _bench.Tools.Go.Set();
        Model.Calls(("a", GatedTools.Asks, "{}")).Says("first").Says("second").Says("Done.");

        var events = await _bench.RunAsync(GatedTools.Asks);

        Assert.Equal("""{"input_tokens":40,"output_tokens":20}""", events[^1].Text("usage"));
        var own = events.Where(e => e.Text("tool") == GatedTools.Asks).ToList();
        Assert.Equal(["llm_request", "llm_response", "llm_request", "llm_response"], own.Select(e => e.Name));
        Assert.Equal(["first", "first", "second", "second"], own.Select(e => e.Text("phase")));
        Assert.Equal("second", events.Single(e => e.Name == "tool_call_result").Text("content"));
    }

    [Fact]
    public async Task Answer_that_was_cut_by_its_length_says_so()
    {
        Model.Answers(FakeModel.Text("And so"), FakeModel.Finish(FinishReason.Length));

        Assert.Equal("length", (await _bench.RunAsync())[^1].Text("stopped_by"));
    }

    [Fact]
    public async Task Content_filter_ends_the_turn_in_an_error()
    {
        Model.Answers(FakeModel.Text("I "), FakeModel.Finish(FinishReason.ContentFilter));

        var events = await _bench.RunAsync();

        Assert.Equal(["delta", "llm_response", "error"], events.TakeLast(3).Select(e => e.Name));
        Assert.Equal("CONTENT_FILTERED", events[^1].Text("code"));
    }

    [Fact]
    public async Task Failure_of_the_model_in_the_middle_keeps_what_was_said_and_ends_in_its_error()
    {
        Model.Fails(new AppError(ErrorCode.UpstreamTimeout, "Too slow.") { Retryable = true }, FakeModel.Text("Half"));

        var events = await _bench.RunAsync();

        Assert.Equal(["status", "llm_request", "delta", "error"], events.Select(e => e.Name));
        Assert.Equal("""{"error":"Too slow.","code":"UPSTREAM_TIMEOUT","retryable":true}""", events[^1].Data.GetRawText());
    }

    [Fact]
    public async Task Answer_without_a_finish_reason_is_an_error_and_no_success()
    {
        Model.Answers(FakeModel.Text("Half"));

        var events = await _bench.RunAsync();

        Assert.Equal(("error", "UPSTREAM_ERROR", "True"), (events[^1].Name, events[^1].Text("code"), events[^1].Text("retryable")));
    }

    [Fact]
    public async Task Answer_that_is_too_long_is_an_error()
    {
        using var bench = new TurnBench(options => options.MaxAnswerBytes = 1024);
        bench.Model.Answers(FakeModel.Text(new string('x', 1000)), FakeModel.Text(new string('x', 1000)), FakeModel.Finish());

        var events = await bench.RunAsync();

        Assert.Equal(("error", "UPSTREAM_ERROR", "False"), (events[^1].Name, events[^1].Text("code"), events[^1].Text("retryable")));
    }

    [Fact]
    public async Task Unexpected_exception_ends_the_turn_without_exposing_its_details()
    {
        // The script is empty: the model throws what no model should.
        var events = await _bench.RunAsync();

        Assert.Equal("INTERNAL", events[^1].Text("code"));
        Assert.DoesNotContain("script", events[^1].Raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Turn_that_takes_too_long_ends_in_an_error()
    {
        var feed = new ModelFeed();
        Model.Plays(feed);
        await using var reader = await _bench.StartAsync();
        await reader.UntilAsync("llm_request");

        _bench.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal("TURN_TIMEOUT", (await reader.EventsToEndAsync())[^1].Text("code"));
        await feed.GivenUp.WaitAsync();
    }

    public void Dispose() => _bench.Dispose();

    private static string RoleOf(ReadOnlyMemory<byte> message) => System.Text.Json.JsonDocument.Parse(message).RootElement.GetProperty("role").GetString()!;
}
