using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Engine.Threads;

public sealed class ConversationReaderTests : IDisposable
{
    private readonly TurnBench _bench = new();

    private FakeModel Model => _bench.Model;

    [Fact]
    public async Task Conversation_after_a_turn_is_its_request_and_its_answer()
    {
        Model.Calls(("a", GatedTools.Echo, """{"text":"one"}""")).Says("Done.");
        await _bench.RunAsync(GatedTools.Echo);

        var turn = await ReadAsync();

        Assert.Equal(["user", "assistant", "tool", "assistant"], turn!.Messages.Select(RoleOf));
        Assert.Equal(ThreadTurnStatus.Complete, turn.Transcript.Status);
        Assert.Equal("fake:model", turn.Transcript.Model);
        Assert.Equal(20, turn.Transcript.Usage.InputTokens);
    }

    [Fact]
    public async Task Text_of_a_turn_is_one_event_and_progress_is_none()
    {
        Model.Answers(
                FakeModel.Reasoning("H"), FakeModel.Reasoning("m."), FakeModel.Text("Wait, "), FakeModel.Text("世界\n."), FakeModel.Call(0, "a", GatedTools.Echo, """{"text":"one"}"""),
                FakeModel.Finish("tool_calls"), FakeModel.Usage(1, 2))
            .Says("Do", "ne.");
        await _bench.RunAsync(GatedTools.Echo);

        var events = (await ReadAsync())!.Transcript.Events;

        Assert.Equal(
            [
                "status", "llm_request", "reasoning", "delta", "llm_response", "message_complete", "tool_call_start", "tool_call_result", "llm_request", "delta",
                "llm_response", "message_complete", "complete",
            ],
            events.Select(each => each.Type));
        Assert.Equal("""{"content":"Hm."}""", TextOf(events[2].Data));
        Assert.Equal("""{"content":"Wait, 世界\n."}""", TextOf(events[3].Data));
        Assert.Equal(events.Select(each => each.Id).Order(), events.Select(each => each.Id));
    }

    [Fact]
    public async Task Stopped_turn_keeps_the_text_that_a_reader_saw()
    {
        var feed = new ModelFeed();
        Model.Plays(feed);
        await using var reader = await _bench.StartAsync();
        feed.Give(FakeModel.Text("Half an ans"));
        await reader.UntilAsync("event: delta");
        Assert.Equal(ThreadTurnStatus.Running, (await ReadAsync())!.Transcript.Status);

        await _bench.Turns.StopAsync(TurnBench.Key("turn-0001"), CancellationToken.None);

        var turn = await ReadAsync();
        Assert.Equal(ThreadTurnStatus.Stopped, turn!.Transcript.Status);
        Assert.Equal("""{"role":"assistant","content":"Half an ans"}""", TextOf(Assert.Single(turn.Transcript.Messages)));
    }

    [Fact]
    public async Task Stopped_turn_has_a_result_for_each_of_its_calls()
    {
        Model.Calls(("a", GatedTools.Echo, """{"text":"one"}"""), ("b", GatedTools.Quick, "{}"));
        await using var reader = await _bench.StartAsync("turn-0001", GatedTools.Echo, GatedTools.Quick);
        await reader.UntilAsync("event: tool_call_result");
        await _bench.Tools.Started.WaitAsync();

        await _bench.Turns.StopAsync(TurnBench.Key("turn-0001"), CancellationToken.None);

        var messages = (await ReadAsync())!.Transcript.Messages;
        Assert.Equal(["assistant", "tool", "tool"], messages.Select(RoleOf));
        Assert.Contains("one", TextOf(messages[1]), StringComparison.Ordinal);
        Assert.Contains("stopped before it ended", TextOf(messages[2]), StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_that_was_reset_is_not_part_of_the_conversation()
    {
        var events = new[]
        {
            Event(1, "delta", """{"content":"void"}"""), Event(2, "message_reset", """{"iteration":1}"""), Event(3, "delta", """{"content":"\ud83d"}"""),
            Event(4, "delta", """{"content":"\ude00 kept"}"""), Event(5, "error", """{"error":"No.","code":"UPSTREAM_ERROR","retryable":true}"""),
        };

        var transcript = TurnTranscript.Of(TurnTranscript.Merge(events));

        Assert.Equal("😀 kept", ContentOf(Assert.Single(transcript.Messages)));
        Assert.Equal(ErrorCode.UpstreamError, transcript.Error!.Code);
    }

    [Fact]
    public async Task Turn_of_another_user_is_none()
    {
        Model.Says("Hello.");
        await _bench.RunAsync();

        Assert.Null(await _bench.Services.GetRequiredService<ConversationReader>().ReadTurnAsync(new("bob", "turn-0001"), CancellationToken.None));
    }

    [Fact]
    public async Task Conversation_of_a_thread_is_that_of_one_branch()
    {
        var threads = _bench.Services.GetRequiredService<ThreadStorage>();
        var thread = new ThreadDocument { User = "ada", Id = "thread-0001", CreatedAt = default, UpdatedAt = default };
        foreach (var (id, parent) in new[] { ("turn-0001", null), ("turn-0002", "turn-0001"), ("turn-0003", "turn-0001"), ("turn-0004", "turn-0003") })
        {
            await threads.WriteTurnAsync(thread.Key, id, ContentOf(id), CancellationToken.None);
            thread = thread.With(new ThreadTurn(id, parent, default));
        }

        var messages = await _bench.Services.GetRequiredService<ConversationReader>().ReadThreadAsync(thread, "turn-0004", CancellationToken.None);

        Assert.Equal(["Ask turn-0001", "Say turn-0001", "Ask turn-0003", "Say turn-0003", "Ask turn-0004", "Say turn-0004"], messages.Select(ContentOf));
        Assert.Equal(["turn-0003", "turn-0004"], thread.SubtreeOf("turn-0003").Select(turn => turn.TurnId));
    }

    public void Dispose() => _bench.Dispose();

    private static ThreadTurnContent ContentOf(string id) => new()
    {
        Messages = [Json($$"""{"role":"system","content":"Be kind."}"""), Json($$"""{"role":"user","content":"Ask {{id}}"}""")],
        Events = [Event(1, "message_complete", $$"""{"role":"assistant","content":"Say {{id}}"}"""), Event(2, "complete", $$$"""{"status":"success","messages":[{"role":"assistant","content":"Say {{{id}}}"}],"iterations":1,"usage":{"input_tokens":1,"output_tokens":1}}""")],
    };

    private static ThreadTurnEvent Event(long id, string type, string data) => new(id, type, Json(data));

    private static RawJson Json(string json) => new(Encoding.UTF8.GetBytes(json));

    private static string TextOf(RawJson json) => Encoding.UTF8.GetString(json.Utf8.Span);

    private static string? RoleOf(RawJson message) => System.Text.Json.JsonDocument.Parse(message.Utf8).RootElement.GetProperty("role").GetString();

    private static string? ContentOf(RawJson message) => System.Text.Json.JsonDocument.Parse(message.Utf8).RootElement.GetProperty("content").GetString();

    private Task<PastTurn?> ReadAsync() =>
        _bench.Services.GetRequiredService<ConversationReader>().ReadTurnAsync(TurnBench.Key("turn-0001"), CancellationToken.None);
}
