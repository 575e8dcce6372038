using System.Text;
using FuncChat.Engine;

namespace FuncChat.Tests.Engine.Models.OpenAi;

/// <summary>Fields that go back to the provider, in forms that JSON allows and a parser of objects may refuse.</summary>
public sealed class OddStateTests
{
    [Theory]
    [InlineData("""{"content":"a","extra_content":{"google":{"thought_signature":"\ud83d"}}}""")]
    [InlineData("""{"content":"a","extra_content":{"\ud83d":1}}""")]
    [InlineData("""{"content":"a","reasoning_details":[{"type":"reasoning.text","text":"\ud83d","index":0}]}""")]
    [InlineData("""{"content":"a","reasoning_details":[{"type":"reasoning.encrypted","data":"\ud83d"}]}""")]
    [InlineData("""{"content":"a","tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{}"},"extra_content":{"s":"\ud83d"}}]}""")]
    public async Task Half_surrogate_pair_in_the_state_is_replaced(string delta)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Event($$"""{"choices":[{"index":0,"delta":{{delta}} }]}""").Ends());

        var result = await harness.AskAsync();

        Assert.Equal("a", result.Text);
        Assert.Contains("\\uFFFD", StateOf(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Surrogate_pair_that_is_split_over_two_pieces_of_the_state_is_whole()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer
            .Event("""{"choices":[{"index":0,"delta":{"reasoning_details":[{"type":"reasoning.text","text":"\ud83d","index":0}]}}]}""")
            .Event("""{"choices":[{"index":0,"delta":{"content":"a","reasoning_details":[{"type":"reasoning.text","text":"\ude00","index":0}]}}]}""").Ends());

        Assert.Contains("\"text\":\"\\uD83D\\uDE00\"", StateOf(await harness.AskAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"content":"a","extra_content":{"google":{"s":1,"s":2}}}""")]
    [InlineData("""{"content":"a","reasoning_details":[{"type":"reasoning.text","text":"b","s":1,"s":2}]}""")]
    [InlineData("""{"content":"a","reasoning_details":[{"type":"reasoning.text","text":"b","index":{"s":1,"s":2}},{"type":"reasoning.text","text":"c","index":{"s":2}}]}""")]
    [InlineData("""{"content":"a","tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{}"},"extra_content":{"s":1,"s":2}}]}""")]
    public async Task Last_value_counts_when_the_state_has_a_property_twice(string delta)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Event($$"""{"choices":[{"index":0,"delta":{{delta}} }]}""").Ends());

        var state = StateOf(await harness.AskAsync());

        Assert.Contains("\"s\":2", state, StringComparison.Ordinal);
        Assert.DoesNotContain("\"s\":1", state, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Encrypted_reasoning_is_kept_once_when_the_message_of_the_last_chunk_repeats_it()
    {
        await using var harness = await ModelHarness.StartAsync();
        const string fields = """{"content":"a","reasoning_details":[{"type":"reasoning.encrypted","data":"secret"}]}""";
        harness.Upstream.Answers(answer => answer
            .Event($$"""{"choices":[{"index":0,"delta":{{fields}} }]}""")
            .Event($$"""{"choices":[{"index":0,"message":{{fields}},"finish_reason":"stop"}]}""").Ends());

        Assert.Equal(2, StateOf(await harness.AskAsync()).Split("secret").Length);
    }

    [Fact]
    public async Task State_that_is_nested_too_deeply_to_be_stored_is_an_error_of_the_provider()
    {
        await using var harness = await ModelHarness.StartAsync();
        var deep = string.Concat(Enumerable.Repeat("[", 50)) + string.Concat(Enumerable.Repeat("]", 50));
        harness.Upstream.Answers(answer => answer.Event($$"""{"choices":[{"index":0,"delta":{"content":"a","extra_content":{{deep}} } }]}""").Ends());

        Assert.Equal(ErrorCode.UpstreamError, (await harness.FailAsync()).Code);
    }

    private static string StateOf(Answer answer)
    {
        Assert.NotNull(answer.State);
        var message = answer.State.Message is { } fields ? Encoding.UTF8.GetString(fields.Utf8.Span) : "";
        return message + string.Concat(answer.State.ToolCalls.Values.Select(call => Encoding.UTF8.GetString(call.Utf8.Span)));
    }
}
