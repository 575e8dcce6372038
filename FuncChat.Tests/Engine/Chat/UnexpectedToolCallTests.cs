using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Chat;

/// <summary>Tool calls that are not as they should be: the turn ends with a message that a person can read and a client can send back.</summary>
public sealed class UnexpectedToolCallTests : IDisposable
{
    private readonly TurnBench _bench = new(options => options.MaxToolIterations = 1);

    private FakeModel Model => _bench.Model;

    [Fact]
    public async Task Call_in_the_last_round_becomes_a_sentence_when_the_model_writes_nothing()
    {
        Model.Otherwise(_ => [FakeModel.Call(0, null, GatedTools.Echo, """{"text":"again"}"""), FakeModel.Finish("tool_calls")]);

        var events = await _bench.RunAsync(GatedTools.Echo);

        Assert.Equal("max_iterations", events[^1].Text("stopped_by"));
        Assert.Equal(
            "The model called more tools (Echo) instead of answering, and the limit of 1 rounds of tool calls is reached.", SseEvent.LastAnswer(events));
        Assert.Equal(SseEvent.LastAnswer(events), events[^2].Text("content"));
        Assert.False(events[^2].Data.TryGetProperty("tool_calls", out _));
    }

    [Fact]
    public async Task Call_becomes_a_sentence_when_no_tool_is_offered()
    {
        Model.Calls(("a", "search_web", "{}"));

        var events = await _bench.RunAsync();

        Assert.Equal("The model called tools (search_web) instead of answering, but none are available in this chat.", events[^2].Text("content"));
    }

    [Theory]
    [InlineData("Echo<|channel|>commentary")]
    [InlineData("functions.Echo")]
    [InlineData(" Echo()")]
    public async Task Tool_is_run_when_its_name_has_marks_of_the_models_own_format(string name)
    {
        Model.Calls(("a", name, """{"text":"x"}""")).Says("Done.");

        var events = await _bench.RunAsync(GatedTools.Echo);

        Assert.Equal("x", events.Single(e => e.Name == "tool_call_result").Text("content"));
        Assert.Contains("\"name\":\"Echo\"", events.First(e => e.Name == "message_complete").Raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_without_a_name_is_a_failed_call()
    {
        Model.Calls(("a", "", "")).Says("Done.");

        var events = await _bench.RunAsync(GatedTools.Echo);

        Assert.Equal("True", events.Single(e => e.Name == "tool_call_result").Text("error"));
        Assert.Contains("\"name\":\"unnamed_tool\",\"arguments\":\"{}\"", events.First(e => e.Name == "message_complete").Raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tools_of_the_history_are_declared_and_forbidden_when_the_turn_offers_none()
    {
        Model.Says("Done.");
        var request = TurnBench.Request();
        await using var reader = await _bench.StartAsync(request with
        {
            Messages =
            [
                .. request.Messages,
                new("""{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"Echo","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"gone","arguments":"{}"}}]}"""u8.ToArray()),
            ],
        });
        await reader.ToEndAsync();

        Assert.Equal(["Echo", "gone"], Model.Requests[0].Tools.Select(tool => tool.Name));
        Assert.True(Model.Requests[0].ForbidsToolCalls);
    }

    [Fact]
    public async Task Refusal_is_marked_in_the_message()
    {
        Model.Answers(FakeModel.Text("Well, "), ModelChunk.OfRefusal("I "u8.ToArray()), ModelChunk.OfRefusal("can't."u8.ToArray()), FakeModel.Finish());

        var events = await _bench.RunAsync();

        Assert.Equal("""{"role":"assistant","content":"Well, I can't.","refusal":"I can't."}""", events[^2].Data.GetRawText());
        Assert.Equal(
            ["""{"content":"Well, "}""", """{"content":"I can't.","refusal":true}"""],
            events.Where(e => e.Name == "delta").Select(e => e.Data.GetRawText()));
        Assert.Equal(["delta", "delta", "llm_response", "message_complete"], events.Select(e => e.Name).Skip(2).SkipLast(1));
    }

    [Fact]
    public async Task Refusal_is_shown_as_it_arrives_and_kept_when_the_call_fails()
    {
        var feed = new ModelFeed();
        Model.Plays(feed);
        await using var reader = await _bench.StartAsync();
        feed.Give(FakeModel.Text("Well, "), ModelChunk.OfRefusal("I can"u8.ToArray()));
        await reader.UntilAsync("I can");
        feed.Give(ModelChunk.OfRefusal("'t"u8.ToArray()));
        feed.Fail(new ModelException(new AppError(ErrorCode.UpstreamError, "The provider failed.")));

        var events = await reader.EventsToEndAsync();

        Assert.Equal("error", events[^1].Name);
        var transcript = TurnTranscript.Of([.. events.Select(e => new ThreadTurnEvent(e.Id, e.Name, RawJson.Of(e.Data)))]);
        using var message = JsonDocument.Parse(Assert.Single(transcript.Messages).Utf8);
        Assert.Equal("Well, I can't", message.RootElement.GetProperty("content").GetString());
    }

    [Fact]
    public async Task Half_of_a_pair_waits_for_the_other_and_is_replaced_without_it()
    {
        var feed = new ModelFeed();
        Model.Plays(feed);
        await using var reader = await _bench.StartAsync();
        feed.Give(ModelChunk.OfText("Half \\ud83d"u8.ToArray()));
        await reader.UntilAsync("Half");
        feed.Give(ModelChunk.OfText("\\ude00, a \\ud83d"u8.ToArray()));
        await reader.UntilAsync("ude00");
        feed.Give(ModelChunk.OfText("b \\\\ud83d"u8.ToArray()), ModelChunk.OfReasoning("\\ud83d"u8.ToArray()));
        feed.End();

        var events = await reader.EventsToEndAsync();

        Assert.Equal(
            ["\"Half \"", "\"\\ud83d\\ude00, a \"", "\"\\ufffdb \\\\ud83d\"", "\"\\ufffd\""],
            events.Where(e => e.Name is "delta" or "reasoning").Select(e => e.Data.GetProperty("content").GetRawText()));
    }

    [Fact]
    public async Task Tool_whose_own_model_call_is_cut_in_an_emoji_has_a_result_that_is_text()
    {
        _bench.Tools.Go.Set();
        Model.Calls(("a", GatedTools.Asks, "{}")).Says("first")
            .Answers(ModelChunk.OfText("half \\ud83d"u8.ToArray()), FakeModel.Finish("length")).Says("Done.");

        var events = await _bench.RunAsync(GatedTools.Asks);

        Assert.Equal("half \ufffd", events.Single(e => e.Name == "tool_call_result").Text("content"));
    }

    [Fact]
    public async Task Wait_for_a_retry_is_an_event_with_its_seconds()
    {
        var error = new FuncChat.Engine.AppError(FuncChat.Engine.ErrorCode.RateLimited, "Slow down.");
        Model.Answers(ModelChunk.OfRetry(new ModelRetry(1, TimeSpan.FromMilliseconds(1900), error)), FakeModel.Text("Done."), FakeModel.Finish());

        var events = await _bench.RunAsync();

        Assert.Equal(
            """{"iteration":1,"attempt":1,"wait_seconds":1.9,"code":"RATE_LIMITED","reason":"Slow down."}""", events.Single(e => e.Name == "llm_retry").Data.GetRawText());
    }

    public void Dispose() => _bench.Dispose();
}
