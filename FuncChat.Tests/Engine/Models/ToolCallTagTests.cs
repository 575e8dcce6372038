using FuncChat.Engine.Models;
using FuncChat.Tests.Engine.Models.OpenAi;

namespace FuncChat.Tests.Engine.Models;

public sealed class ToolCallTagTests
{
    private static readonly ModelRequest WithTool = ModelHarness.Request with { Tools = [ModelHarness.Tool("f", strict: null)] };

    [Theory]
    [InlineData("<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call>", "", "{\"a\": 1}")]
    [InlineData("Let me see.\n\n<tool_call>{\"name\":\"f\",\"arguments\":\"{}\"}</tool_call><|im_end|>", "Let me see.\n\n", "{}")]
    [InlineData("<think>Hm.</think>\n<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>\n<tool_call>{\"name\":\"f\",\"arguments\":{\"b\":\"</tool_call>\"}}", "", "{}", "{\"b\":\"</tool_call>\"}")]
    [InlineData("<tool_call>{\"name\":\"f\",\"arguments\":{\"a\":\"\\d\nb\"}}</tool_call>", "", "{\"a\":\"\\\\d\\u000ab\"}")]
    public async Task Calls_at_the_end_of_the_text_become_tool_calls_however_they_are_split(string text, string before, params string[] arguments)
    {
        foreach (var pieces in Splits(text))
        {
            await using var harness = await ModelHarness.StartAsync();
            harness.Upstream.Says(pieces);

            var answer = await harness.AskAsync(WithTool);

            Assert.Equal(before, answer.Text);
            Assert.Equal(arguments.Select(json => ((string?)null, (string?)"f", json)), answer.ToolCalls.Values);
            Assert.Equal(FinishReason.ToolCalls, answer.FinishReason);
        }
    }

    [Theory]
    [InlineData("<tool_call>{\"name\":\"g\",\"arguments\":{}}</tool_call>")]
    [InlineData("<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call> is how to call it.")]
    [InlineData("Write <tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>")]
    [InlineData("```\n<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>\n```")]
    [InlineData("C:\\n<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>")]
    [InlineData("<tool_call>{\"name\":\"f\",\"arguments\":{}")]
    [InlineData("<tool_call>{\"name\":\"f\"}</tool_call>")]
    [InlineData("<tool_call>{\"name\":\"f\",\"arguments\":[]}</tool_call>")]
    [InlineData("<tool_call>\n<function=f>\n</function>\n</tool_call>")]
    [InlineData("<tool_call>")]
    [InlineData("a\n<tool\n<tool_calls>\n<")]
    public async Task Text_that_is_no_call_is_the_answer_however_it_is_split(string text)
    {
        foreach (var pieces in Splits(text))
        {
            await using var harness = await ModelHarness.StartAsync();
            harness.Upstream.Says(pieces);

            var answer = await harness.AskAsync(WithTool);

            Assert.Equal((text, FinishReason.Stop), (answer.Text, answer.FinishReason));
            Assert.Empty(answer.ToolCalls);
        }
    }

    [Fact]
    public async Task Call_in_the_text_is_text_where_no_tools_are_offered_the_answer_is_cut_or_the_server_reads_calls()
    {
        const string Call = """<tool_call>{"name":"f","arguments":{}}</tool_call>""";
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Says(Call).Answers(answer => answer.Text(Call).Ends("length")).Answers(answer => answer.Text(Call).ToolCall("a", "f", "{}").Ends("tool_calls"));

        Assert.Equal(Call, (await harness.AskAsync()).Text);
        Assert.Equal((Call, FinishReason.Length), await harness.AskAsync(WithTool) is var cut ? (cut.Text, cut.FinishReason) : default);
        Assert.Equal((Call, 1), await harness.AskAsync(WithTool) is var read ? (read.Text, read.ToolCalls.Count) : default);
    }

    [Fact]
    public async Task Call_without_end_is_text()
    {
        await using var harness = await ModelHarness.StartAsync();
        var pieces = Enumerable.Repeat(new string('a', 10_000), 200).Prepend("<tool_call>{\"name\":\"").ToArray();
        harness.Upstream.Says(pieces);

        var answer = await harness.AskAsync(WithTool);

        Assert.Equal(string.Concat(pieces), answer.Text);
        Assert.True(answer.Pieces.Count > 50, "What follows the longest call arrives as it is generated.");
    }

    // Whole, in two at some places, and letter by letter.
    private static IEnumerable<string[]> Splits(string text)
    {
        yield return [text];
        for (var place = 1; place < text.Length; place += 5)
            yield return [text[..place], text[place..]];
        yield return [.. text.EnumerateRunes().Select(rune => rune.ToString())];
    }
}
