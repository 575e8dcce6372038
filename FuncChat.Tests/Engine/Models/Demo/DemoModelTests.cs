using System.Text;
using System.Text.Json;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Demo;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using static FuncChat.Tests.Engine.Models.Demo.DemoMessages;

namespace FuncChat.Tests.Engine.Models.Demo;

public sealed class DemoModelTests
{
    private static readonly AIFunctionDeclaration[] AllTools =
        [.. new[] { "search_web", "scrape_web_content", "execute_javascript", "research" }.Select(name => AIFunctionFactory.Create(() => 1, name))];

    [Fact]
    public async Task Model_says_that_it_is_scripted_when_nothing_is_asked_for()
    {
        var heard = await HearAsync([User("Why is the sky blue?")], AllTools);

        Assert.Contains("scripted, not an AI", heard.Text, StringComparison.Ordinal);
        Assert.Contains("Why is the sky blue?", heard.Text, StringComparison.Ordinal);
        Assert.Contains("| `search_web` |", heard.Text, StringComparison.Ordinal);
        Assert.Contains("```js", heard.Text, StringComparison.Ordinal);
        Assert.Equal("stop", heard.Finish);
        Assert.Empty(heard.Calls);
        Assert.Equal(5, heard.Usage.InputTokens);
        Assert.Equal(heard.Pieces, heard.Usage.OutputTokens);
        Assert.True(heard.Pieces > 50);
    }

    // A regular expression that counts the words without backtracking takes two kilobytes and microseconds for each letter of its first long one.
    [Fact]
    public void Long_word_is_counted_in_memory_of_a_few_times_its_length()
    {
        var message = User(new string('a', 400_000));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var words = DemoConversation.Read([message]).Words;

        Assert.Equal(1, words);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 20 * message.Length);
    }

    [Fact]
    public async Task Model_calls_all_tools_that_are_asked_for_in_pieces_of_arguments()
    {
        var heard = await HearAsync([User("Search for “größte Brücken” 🌉 and calculate 1+2")], AllTools);

        Assert.Equal("tool_calls", heard.Finish);
        Assert.Equal(["search_web", "execute_javascript"], heard.Calls.Select(call => call.Name));
        Assert.Equal(["call_1_1", "call_1_2"], heard.Calls.Select(call => call.Id));
        Assert.Equal("größte Brücken” 🌉", JsonDocument.Parse(heard.Calls[0].Arguments).RootElement.GetProperty("query").GetString());
        Assert.Equal("""{"code":"1+2"}""", heard.Calls[1].Arguments);
        Assert.True(heard.Calls[0].Pieces > 2);
    }

    [Fact]
    public async Task Model_calls_no_tool_that_is_not_offered_and_says_so()
    {
        var heard = await HearAsync([User("Search for bridges")], AllTools[1..]);

        Assert.Empty(heard.Calls);
        Assert.Contains("`search_web`, which is not turned on", heard.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_answers_from_results_and_calls_nothing_more()
    {
        var heard = await HearAsync(
            [User("What is 17 * 23?"), Calls(("a", "execute_javascript")), Result("a", """{"result":391,"console":[]}""")], AllTools);

        Assert.Empty(heard.Calls);
        Assert.Contains("The script returned `391`.", heard.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_calls_again_when_a_new_message_follows_old_results()
    {
        var heard = await HearAsync(
            [User("1+1"), Calls(("a", "execute_javascript")), Result("a", "2"), Assistant("2"), User("2+2")], AllTools);

        Assert.Equal(("call_5_1", """{"code":"2+2"}"""), (Assert.Single(heard.Calls).Id, heard.Calls[0].Arguments));
    }

    [Fact]
    public async Task Model_says_the_same_when_it_is_asked_the_same()
    {
        ReadOnlyMemory<byte>[] messages = [Instructions("Be kind."), User("Read https://example.com and research tides")];

        Assert.Equivalent(await HearAsync(messages, AllTools), await HearAsync(messages, AllTools));
    }

    [Fact]
    public async Task Model_stops_at_max_tokens()
    {
        var heard = await HearAsync([User("hello")], AllTools, new SamplingOptions { MaxTokens = 4 });

        Assert.Equal("I am the demo ", heard.Text);
        Assert.Equal("length", heard.Finish);
        Assert.Equal(4, heard.Usage.OutputTokens);
    }

    [Fact]
    public async Task Model_waits_before_each_word()
    {
        var time = new FakeTimeProvider();
        await using var chunks = Stream(new DemoModel(TimeSpan.FromMilliseconds(30), time), [User("hello")]).GetAsyncEnumerator();

        var first = chunks.MoveNextAsync().AsTask();
        time.Advance(TimeSpan.FromMilliseconds(29));
        Assert.False(first.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(await first);
        var second = chunks.MoveNextAsync().AsTask();
        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(30));
        Assert.True(await second);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public async Task Model_gives_up_between_words_when_it_is_cancelled(int delay)
    {
        using var cancellation = new CancellationTokenSource();
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.Zero };
        await using var chunks = Stream(new DemoModel(TimeSpan.FromMilliseconds(delay), time), [User("hello")], cancellation.Token).GetAsyncEnumerator();
        var first = chunks.MoveNextAsync().AsTask();
        time.Advance(TimeSpan.FromMilliseconds(delay));
        await first;

        var second = delay == 0 ? null : chunks.MoveNextAsync().AsTask();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second ?? chunks.MoveNextAsync().AsTask());
    }

    [Theory]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"1+1"},{"type":"image_url","image_url":{"url":"data:,"}}]}""")]
    [InlineData("""{"role":"user","content":"half \ud83d of a letter: 1+1"}""")]
    public async Task Model_reads_content_that_is_parts_or_broken(string message)
    {
        var heard = await HearAsync([Encoding.UTF8.GetBytes(message)], AllTools);

        Assert.Equal("""{"code":"1+1"}""", Assert.Single(heard.Calls).Arguments);
    }

    [Theory]
    [InlineData("""{"role":"user"}""")]
    [InlineData("""{"role":"user","content":null}""")]
    [InlineData("""{"role":"user","content":[1,null,{}]}""")]
    [InlineData("""{"role":"assistant","tool_calls":[{}]}""")]
    [InlineData("""{"role":"assistant","tool_calls":[1,null,{"function":7}]}""")]
    [InlineData("""{"role":"assistant","tool_calls":null,"content":"hi"}""")]
    [InlineData("""{"role":"tool","content":"\ud800"}""")]
    [InlineData("""{"role":"user","content":"\ud83d\ud83d\\ud83d `\u0000"}""")]
    public async Task Model_answers_when_a_message_is_odd(string message)
    {
        Assert.NotEmpty((await HearAsync([Encoding.UTF8.GetBytes(message)], [])).Text);
    }

    private static async Task<Heard> HearAsync(
        ReadOnlyMemory<byte>[] messages, AIFunctionDeclaration[] tools, SamplingOptions? sampling = null)
    {
        var text = new StringBuilder();
        var calls = new List<HeardCall>();
        string? finish = null;
        ModelUsage? usage = null;
        var pieces = 0;
        var request = new ModelRequest { Model = "scripted", Messages = messages, Tools = tools, Sampling = sampling ?? new() };
        await foreach (var chunk in new DemoModel(TimeSpan.Zero, TimeProvider.System).StreamAsync(request, CancellationToken.None))
        {
            switch (chunk.Kind)
            {
                case ModelChunkKind.Text:
                    // Each piece alone must be valid inside a JSON string.
                    text.Append(JsonSerializer.Deserialize<string>($"\"{Encoding.UTF8.GetString(chunk.EscapedText.Span)}\""));
                    pieces++;
                    break;
                case ModelChunkKind.ToolCall when chunk.ToolCall.Id is { } id:
                    Assert.Equal(calls.Count, chunk.ToolCall.Index);
                    calls.Add(new(id, chunk.ToolCall.Name!, chunk.ToolCall.Arguments ?? "", 1));
                    pieces++;
                    break;
                case ModelChunkKind.ToolCall:
                    calls[^1] = calls[^1] with { Arguments = calls[^1].Arguments + chunk.ToolCall.Arguments, Pieces = calls[^1].Pieces + 1 };
                    pieces++;
                    break;
                case ModelChunkKind.Finish:
                    finish = chunk.FinishReason;
                    break;
                case ModelChunkKind.Usage:
                    usage = chunk.Usage;
                    break;
            }
        }

        return new(text.ToString(), calls, finish!, usage!, pieces);
    }

    private static IAsyncEnumerable<ModelChunk> Stream(DemoModel model, ReadOnlyMemory<byte>[] messages, CancellationToken cancellation = default) =>
        model.StreamAsync(new ModelRequest { Model = "scripted", Messages = messages }, cancellation);

    private sealed record Heard(string Text, List<HeardCall> Calls, string Finish, ModelUsage Usage, int Pieces);

    private sealed record HeardCall(string Id, string Name, string Arguments, int Pieces);
}
