using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Models;
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

    private static ModelChunk Piece(string kind, int place) => kind switch
    {
        "reasoning" => FakeModel.Reasoning(new string('x', 100)),
        "names" => FakeModel.Call(place, null, new string('x', 100), ""),
        "ids" => FakeModel.Call(place, new string('x', 100), "f", ""),
        "calls" => FakeModel.Call(place, null, "", ""),
        _ => ModelChunk.OfState(new ModelState { Message = new(Encoding.UTF8.GetBytes($$"""{"x":"{{new string('x', 100)}}"}""")) }),
    };
}
