using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Anthropic;
using FuncChat.Engine.Models.Http;
using FuncChat.Engine.Models.OpenAi;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Models.OpenAi;

/// <summary>A provider that never ends, in each part of an answer.</summary>
public sealed class AnswerLimitTests
{
    [Theory]
    [InlineData(": still here\n\n")]
    [InlineData("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}\n\n")]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{}}]}\n\n")]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0}]}}]}\n\n")]
    public void Stream_without_content_is_given_up(string piece)
    {
        var block = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(piece, 2000)));
        using var answer = new AnswerReader(new ProviderErrorMapper("p", null));

        var failure = Assert.Throws<ModelException>(() =>
        {
            for (long received = 0; received < 2 * EventStreamReader.WithoutContentLimit;)
            {
                var space = answer.Space();
                var count = Math.Min(space.Length, block.Length);
                block.AsSpan(0, count).CopyTo(space.Span);
                answer.Received(count);
                received += count;
                while (answer.TryRead(out _)) { }
            }
        });

        Assert.Equal(ErrorCode.UpstreamError, failure.Error.Code);
    }

    [Fact]
    public void Long_answer_in_small_pieces_is_not_given_up()
    {
        var piece = Encoding.UTF8.GetBytes("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}],\"padding\":\"" + new string('x', 1000) + "\"}\n\n");
        using var answer = new AnswerReader(new ProviderErrorMapper("p", null));
        for (long received = 0; received < 2 * EventStreamReader.WithoutContentLimit; received += piece.Length)
        {
            var space = answer.Space();
            piece.CopyTo(space);
            answer.Received(piece.Length);
            Assert.True(answer.TryRead(out var chunk));
            Assert.Equal(ModelChunkKind.Text, chunk.Kind);
        }
    }

    [Theory]
    [InlineData("reasoning")]
    [InlineData("names")]
    [InlineData("ids")]
    [InlineData("calls")]
    [InlineData("state")]
    public async Task Answer_of_any_kind_counts_against_the_limit_of_its_size(string kind)
    {
        using var bench = new TurnBench(options => options.MaxAnswerBytes = 4096);
        bench.Model.Answers([.. Enumerable.Range(0, 100).Select(place => Piece(kind, place)), FakeModel.Finish()]);

        var events = await bench.RunAsync();

        Assert.Equal("error", events[^1].Name);
        Assert.Contains("4096 bytes", events[^1].Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_without_end_are_placed_in_constant_time_each()
    {
        var calls = new ToolCallAssembler();
        for (var place = 0; place < 200_000; place++)
            Assert.Equal(place, calls.Place(place, null, "f", null)!.Index);
        Assert.Equal(7, calls.Place(7, null, null, "{}")!.Index);
    }

    [Fact]
    public void Calls_of_one_id_are_named_in_constant_time_each()
    {
        var ids = new TurnCallIds(1, taken => taken == "a_3");
        Assert.Equal(["a", "a_2", "a_4", "b", "a_5", "call_1_5"], new[] { "a", "a", "a", "b", "a", "not an id" }.Select(ids.Of));
        for (var place = 6; place < 200_000; place++)
            Assert.Equal($"a_{place}", ids.Of("a", place));
    }

    [Fact]
    public void Signature_and_calls_without_end_are_read_in_constant_time_each()
    {
        using var answer = new AnthropicReader(new ProviderErrorMapper("p", null));
        Read("""{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"t"}}""");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var piece = 0; piece < 10_000; piece++)
            Read($$$"""{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"{{{new string('x', 100)}}}"}}""");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000_000);
        for (var index = 1; index <= 100_000; index++)
            Assert.Equal(index - 1, Read($$$"""{"type":"content_block_start","index":{{{index}}},"content_block":{"type":"tool_use","id":"a","name":"f","input":{} } }""")[^1].ToolCall.Index);

        List<ModelChunk> Read(string json)
        {
            var bytes = Encoding.UTF8.GetBytes($"data: {json}\n\n");
            bytes.CopyTo(answer.Space());
            answer.Received(bytes.Length);
            var chunks = new List<ModelChunk>();
            while (answer.TryRead(out var chunk))
                chunks.Add(chunk);
            return chunks;
        }
    }

    private static ModelChunk Piece(string kind, int place) => kind switch
    {
        "reasoning" => FakeModel.Reasoning(new string('x', 100)),
        "names" => FakeModel.Call(place, null, new string('x', 100), ""),
        "ids" => FakeModel.Call(place, new string('x', 100), "f", ""),
        "calls" => FakeModel.Call(place, null, "", ""),
        _ => ModelChunk.OfState(new ModelState { Message = new(Encoding.UTF8.GetBytes($$"""{"x":"{{new string('x', 100)}}"}""")) }),
    };
}
