using System.Buffers;
using System.Text;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Engine.Models;

namespace FuncChat.Tests.Engine.Events;

public sealed class TurnEventCodecTests
{
    private static readonly RawJson Message = new("""{"role":"assistant","content":"Hi"}"""u8.ToArray());

    private static readonly TurnEvent[] Examples =
    [
        new StatusEvent("processing", "turn-0001", "scripted", "openai", true),
        new LlmRequestEvent("answer", 1, "openai", "scripted") { Tool = "research", ToolCallId = "a" },
        new LlmRetryEvent(1, 2, 0.5, ErrorCode.RateLimited, "Too many requests."),
        new LlmResponseEvent("answer", 1, "stop", new ModelUsage(1, 2) { ReasoningTokens = 3 }, 1.5, 2.5),
        new DeltaEvent(new JsonText("\"half \\ud83d\""u8.ToArray())),
        new ReasoningEvent(new JsonText("\"because\""u8.ToArray())),
        new ToolCallStartEvent("a", "search_web", "{}"),
        new ToolCallProgressEvent("a", "search_web", "executing") { Completed = 1, Total = 2 },
        new ToolCallResultEvent("a", "search_web", "found", 3) { Error = true },
        new CitationEvent(1, "https://example.com/", "Tides"),
        new ClientToolCallsEvent([new ClientToolCall("a", "mine", "{}")]),
        new MessageCompleteEvent(Message),
        new MessageResetEvent(2),
        new ApprovalRequestEvent("req_1", "a", "search_web", "{}", DateTimeOffset.UnixEpoch) { Reason = "R", ReasonCode = "changes", AllowsAlways = true },
        new InputRequestEvent("req_1", "a", "Which?", new RawJson("{}"u8.ToArray()), DateTimeOffset.UnixEpoch),
        new BudgetRequestEvent("req_1", "tokens_per_month", 1, 2.5m, DateTimeOffset.UnixEpoch),
        new BudgetWarningEvent("user_cost_per_month", 4, 5, DateTimeOffset.UnixEpoch) { Currency = "USD" },
        new RequestAnsweredEvent("req_1", "approve", "ada", DateTimeOffset.UnixEpoch) { Arguments = "{}", Content = new RawJson("{}"u8.ToArray()), Always = true },
        new ParkedEvent(["req_1"], DateTimeOffset.UnixEpoch),
        new SearchStartEvent("turn-0001", ["tides"], 5),
        new SearchResultEvent("tides", 0, 1, [new FoundPage("https://example.com/", "T", "D", 1) { Content = "C" }]),
        new SearchErrorEvent("tides", 0, "Failed."),
        new PlanEvent("text", [["tides"]], [], "persona", "reasoning", "simple"),
        new CompleteEvent("success", [Message], 1, new ModelUsage(1, 2)) { StoppedBy = "length" },
        new SearchCompleteEvent("success", [new MergedPage("https://example.com/", "T", "D", 1, ["tides"])]),
        new PlanCompleteEvent("success", new ModelUsage(1, 2)),
        new ErrorEvent("Failed.", ErrorCode.Internal, Retryable: true),
    ];

    [Fact]
    public void Table_has_every_record_that_is_an_event()
    {
        var records = typeof(TurnEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(TurnEvent)));

        Assert.Equal(records.ToHashSet(), TurnEventCodec.Types.Select(type => type.RecordType).ToHashSet());
        Assert.Equal(TurnEventCodec.Types.Count, Examples.Select(example => example.GetType()).Distinct().Count());
    }

    [Fact]
    public void Event_is_decoded_as_the_record_that_was_written()
    {
        foreach (var example in Examples)
        {
            var buffer = new ArrayBufferWriter<byte>();
            EventFrames.Write(buffer, 7, example);
            var frame = buffer.WrittenSpan.ToArray();

            var decoded = EventFrames.Parse(frame).Decode()!;

            // Lists have no equality of their own: the same bytes again are the same event.
            buffer.ResetWrittenCount();
            EventFrames.Write(buffer, 7, decoded);
            Assert.IsType(example.GetType(), decoded);
            Assert.Equal(Encoding.UTF8.GetString(frame), Encoding.UTF8.GetString(buffer.WrittenSpan));
        }
    }

    [Fact]
    public void Complete_of_a_chat_is_told_from_others_by_its_outermost_fields_alone()
    {
        var plan = TurnEventCodec.Decode("complete"u8, """{"usage":{"input_tokens":1,"output_tokens":2,"messages":[],"results":[]},"status":"success"}"""u8);

        Assert.IsType<PlanCompleteEvent>(plan);
    }

    [Theory]
    [InlineData("complete", """{"status":"success","messagos":[],"iterations":1,"usage":{"input_tokens":1,"output_tokens":2}}""")]
    [InlineData("complete", """{"status":"success","messages":[{"role":"assistant","contend":"x"}],"iterations":1,"usage":{"input_tokens":1,"output_tokens":2}}""")]
    [InlineData("complete", """{"status":"success","messages":[null],"iterations":1,"usage":{"input_tokens":1,"output_tokens":2}}""")]
    [InlineData("complete", """{"status":"success","messages":[],"iterations":1,"usage":null}""")]
    [InlineData("complete", """{"status":"success","used":{"input_tokens":1,"output_tokens":2}}""")]
    [InlineData("message_complete", """{"role":"assistant","content":null,"tool_calls":[{"id":"a","function":{"name":7,"arguments":"{}"}}]}""")]
    [InlineData("message_complete", """{"role":"assistent","content":"x"}""")]
    [InlineData("delta", """{"contend":"x"}""")]
    [InlineData("error", """{"error":"x","cod":"INTERNAL","retryable":false}""")]
    public void Stored_event_without_one_of_its_fields_is_an_error(string name, string data) =>
        Assert.ThrowsAny<JsonException>(() => TurnEventCodec.DecodeStored(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(data)));

    [Fact]
    public void Event_with_an_unknown_name_is_none() => Assert.Null(TurnEventCodec.Decode("of_tomorrow"u8, "{}"u8));

    [Fact]
    public void Half_a_surrogate_pair_passes_unchanged()
    {
        var delta = Assert.IsType<DeltaEvent>(TurnEventCodec.Decode("delta"u8, """{"content":"\ud83d"}"""u8));

        Assert.Equal("""
            "\ud83d"
            """, Encoding.UTF8.GetString(delta.Content.Utf8.Span));
        Assert.Equal("\ud83d", delta.Content.ToString());
    }
}
