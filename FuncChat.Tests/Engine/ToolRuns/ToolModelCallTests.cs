using System.Text;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.ToolRuns;
using FuncChat.Tests.Support;
using FuncChat.Tools;

namespace FuncChat.Tests.Engine.ToolRuns;

/// <summary>The model calls of tools, and of the titles of threads.</summary>
public sealed class ToolModelCallTests
{
    [Theory]
    [InlineData("reasoning", 10_000)]
    [InlineData("ids", 10_000)]
    [InlineData("names", 10_000)]
    [InlineData("arguments", 10_000)]
    [InlineData("calls", 0)]
    [InlineData("state", 10_000)]
    public async Task Answer_of_any_kind_counts_against_the_limit_of_its_size(string kind, int length)
    {
        var read = 0;
        var model = new FakeModel().Otherwise(_ => Enumerable.Range(0, 200_000)
            .Select(place => Piece(kind, read = place, new string('x', length))).TakeWhile(_ => (long)read * length < 20_000_000).Append(FakeModel.Finish()));

        var failure = await Assert.ThrowsAsync<ToolException>(() => RunAsync(model));

        Assert.Contains("too long", failure.Message, StringComparison.Ordinal);
        Assert.InRange(read, 1, length > 0 ? 900 : 140_000);
    }

    [Fact]
    public async Task Answer_that_calls_tools_is_its_text()
    {
        var model = new FakeModel().Answers(FakeModel.Text("Hi."), FakeModel.Call(0, "call_1", "f"), FakeModel.Finish());

        Assert.Equal("Hi.", await RunAsync(model));
    }

    private static Task<string> RunAsync(FakeModel model) =>
        new ToolModelCall(new ResolvedModel("fake", "model", model), "ada", UnlimitedTokens.Meter, TestToolRunner.Telemetry, TimeProvider.System)
            .RunAsync("title", 1, "Be brief.", "Hello.", _ => { }, CancellationToken.None);

    private static ModelChunk Piece(string kind, int place, string text) => kind switch
    {
        "reasoning" => FakeModel.Reasoning(text),
        "ids" => FakeModel.Call(place, text, "f", ""),
        "names" => FakeModel.Call(place, null, text, ""),
        "arguments" => FakeModel.Call(0, null, "f", text),
        "calls" => FakeModel.Call(place, null, "", ""),
        _ => ModelChunk.OfState(new ModelState { Message = new(Encoding.UTF8.GetBytes($$"""{"x":"{{text}}"}""")) }),
    };
}
