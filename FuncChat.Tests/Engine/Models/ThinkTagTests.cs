using System.Text;
using FuncChat.Engine.Models;
using FuncChat.Tests.Engine.Models.OpenAi;

namespace FuncChat.Tests.Engine.Models;

public sealed class ThinkTagTests
{
    private static readonly ModelRequest AfterTool = ModelHarness.Request with
    {
        Messages =
        [
            .. ModelHarness.Request.Messages,
            """{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]}"""u8.ToArray(),
            """{"role":"tool","tool_call_id":"a","content":"1"}"""u8.ToArray(),
        ],
    };

    [Theory]
    [InlineData("<think>Hm.</think>\\n\\n42", "Hm.", "42")]
    [InlineData("\\n<think>\\nI need {reasoning, text}.\\n</think>{}", "\\nI need {reasoning, text}.\\n", "{}")]
    [InlineData("\\u003cthink\\u003eHm.\\u003c/think\\u003e42", "Hm.", "42")]
    [InlineData("<thought>Hm.</thought>42", "Hm.", "42")]
    [InlineData("<think></think>42", "", "42")]
    [InlineData("<think>cut", "cut", "")]
    [InlineData("<thin", "", "<thin")]
    [InlineData("1 < 2", "", "1 < 2")]
    [InlineData("Use <think> and </think>.", "", "Use <think> and </think>.")]
    [InlineData("<think>a \\\\u003c b</think>c", "a \\\\u003c b", "c")]
    [InlineData("<thinking>Hm.</thinking>42", "Hm.", "42")]
    [InlineData("<THINK>Hm.</Think>42", "Hm.", "42")]
    [InlineData("\\u003CThink\\u003EHm.\\u003C/THINK\\u003E42", "Hm.", "42")]
    [InlineData("<reasoning>1 < 2</reasoning>\\n42", "1 < 2", "42")]
    [InlineData("<seed:think>Hm.</seed:think>42", "Hm.", "42")]
    [InlineData("[THINK]a[0] [/THIN[/THINK]42", "a[0] [/THIN", "42")]
    [InlineData("◁think▷a ◁ b◁/think▷42", "a ◁ b", "42")]
    [InlineData("\\u25c1think\\u25b7Hm.\\u25C1/think\\u25B742", "Hm.", "42")]
    [InlineData("<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>42", "Hm.", "42")]
    [InlineData("<|channel|>final<|message|>42", "", "42")]
    [InlineData("<|start|>assistant<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>42<|return|>", "Hm.", "42")]
    [InlineData("<|start|>assistant<|channel|>final<|message|>42", "", "42")]
    [InlineData("<|channel>thought\\nHm.\\n<channel|>42", "\\nHm.\\n", "42")]
    [InlineData("<|channel>thought\\n<channel|>42", "\\n", "42")]
    [InlineData("<channel|>42", "", "42")]
    [InlineData("It closes by <channel|> there.", "", "It closes by <channel|> there.")]
    [InlineData("<|START_THINKING|>Hm.<|END_THINKING|><|START_RESPONSE|>42<|END_RESPONSE|>", "Hm.", "42")]
    [InlineData("<|START_THINKING|>Hm.<|END_THINKING|>\\n42", "Hm.", "42")]
    [InlineData("<|START_RESPONSE|>42<|END_RESPONSE|>", "", "42")]
    [InlineData("<think>a</think>\\n<think>b</think>\\n42", "a\\n\\nb", "42")]
    [InlineData("<think>a</think>\\n<thin", "a", "<thin")]
    [InlineData("<think>a</think>42 <think>b</think>", "a", "42 <think>b</think>")]
    [InlineData("<reasoning>a</reasoning><reasoning> is a tag.", "a", "<reasoning> is a tag.")]
    [InlineData("<|channel|>commentary<|message|>42", "", "<|channel|>commentary<|message|>42")]
    [InlineData("<think>a</reasoning>b</think>c", "a</reasoning>b", "c")]
    [InlineData("[1] says <reasoning>so</reasoning>.", "", "[1] says <reasoning>so</reasoning>.")]
    [InlineData("Use `[THINK]` or ◁think▷x◁/think▷.", "", "Use `[THINK]` or ◁think▷x◁/think▷.")]
    [InlineData("[link](/a)", "", "[link](/a)")]
    [InlineData("◁ left", "", "◁ left")]
    [InlineData("[think](https://a.example) so.", "", "[think](https://a.example) so.")]
    [InlineData("[Think][1] so.", "", "[Think][1] so.")]
    [InlineData("[THINK](Hm: [a]) so[/THINK]42", "(Hm: [a]) so", "42")]
    [InlineData("[THINK][1] so.[/THINK]42", "[1] so.", "42")]
    [InlineData("[THINK]", "", "[THINK]")]
    [InlineData("[THINK](https://a.example) so.", "(https://a.example) so.", "[THINK](https://a.example) so.")]
    [InlineData("[think]", "", "[think]")]
    [InlineData("<reasoning> is a tag of 1 < 2.", " is a tag of 1 < 2.", "<reasoning> is a tag of 1 < 2.")]
    [InlineData("\\n<Thinking> is one, too.", " is one, too.", "\\n<Thinking> is one, too.")]
    [InlineData("42<|im_end|>", "", "42")]
    [InlineData("42\\u003c|im_end|\\u003E", "", "42")]
    [InlineData("<think>Hm.</think>42<｜end▁of▁sentence｜>", "Hm.", "42")]
    [InlineData("42<|im_end|>\\n", "", "42")]
    [InlineData("42\\n<|eot_id|><|im_end|> \\n\\u003c|endoftext|\\u003e\\n\\n", "", "42\\n")]
    [InlineData("42<|im_end|><|im_e", "", "42<|im_end|><|im_e")]
    [InlineData("<|im_end|>\\n<|im_end|>b", "", "<|im_end|>\\n<|im_end|>b")]
    [InlineData("a <|im_end|> b <", "", "a <|im_end|> b <")]
    [InlineData("a \\\\u003c", "", "a \\\\u003c")]
    [InlineData("a \\\\u003c|im_end|>", "", "a \\\\u003c|im_end|>")]
    [InlineData("a \\\\\\u003c|im_end|>", "", "a \\\\")]
    [InlineData("a \\\\<|im_end|>", "", "a \\\\")]
    [InlineData("`<|im_end|>`", "", "`<|im_end|>`")]
    [InlineData("a < b <|im_en", "", "a < b <|im_en")]
    [InlineData("<s>a</s>", "", "<s>a</s>")]
    public async Task Thoughts_in_the_text_become_reasoning_however_they_are_split(string text, string reasoning, string answer)
    {
        foreach (var pieces in Splits(text))
        {
            await using var harness = await ModelHarness.StartAsync();
            harness.Upstream.Answers(scripted =>
            {
                foreach (var piece in pieces)
                    scripted.Event($$$"""{"choices":[{"index":0,"delta":{"content":"{{{piece}}}"}}]}""");
                scripted.Ends();
            });

            var result = await harness.AskAsync();

            Assert.Equal((Plain(reasoning), Plain(answer)), (result.Reasoning, result.Text));
        }
    }

    [Theory]
    [InlineData("<think>Hm {a}.\\n</think>42", "Hm {a}.", "Hm {a}.\n")]
    [InlineData("<think>Hm.", "\\nHm.", "Hm.")]
    [InlineData("<think>Hm.</think>42", "So.", "Hm.So.")]
    public async Task Thoughts_that_the_last_chunk_repeats_are_shown_once(string text, string last, string reasoning)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(scripted => scripted.Event($$$"""{"choices":[{"index":0,"delta":{"content":"{{{text}}}"}}]}""")
            .Event($$$"""{"choices":[{"index":0,"delta":{"reasoning_content":"{{{last}}}"},"finish_reason":"stop"}]}""").Event("[DONE]"));

        Assert.Equal(reasoning, (await harness.AskAsync()).Reasoning);
    }

    [Fact]
    public async Task Thoughts_that_the_limit_of_tokens_cuts_are_no_answer()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Text("<reasoning>", "Hm, so").Ends("length"));

        var answer = await harness.AskAsync();

        Assert.Equal(("Hm, so", ""), (answer.Reasoning, answer.Text));
    }

    [Fact]
    public async Task Model_that_omits_the_opening_tag_is_known_from_its_second_answer_on()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Says("Hm {a}.\n", "</think>", "\n\n42").Says("Well.\n", "</think>", "\n\n43").Says("No thoughts.").Says("Plain.");

        await harness.AskAsync();
        var second = await harness.AskAsync();
        var third = await harness.AskAsync();
        var fourth = await harness.AskAsync();

        Assert.Equal(("Well.\n", "43"), (second.Reasoning, second.Text));
        Assert.Equal("No thoughts.", third.Text);
        Assert.Equal(("", "Plain."), (fourth.Reasoning, fourth.Text));
    }

    [Fact]
    public async Task Model_that_thinks_in_a_channel_continues_its_thoughts_after_tool_results()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Text("<|channel>thought\n", "Hm.\n", "<channel|>").ToolCall("a", "f", "{}").Ends("tool_calls"))
            .Says("So {a}.\n", "<chan", "nel|>", "42").Says("Pl", "ain.");

        var first = await harness.AskAsync();
        var second = await harness.AskAsync(AfterTool);
        var third = await harness.AskAsync();

        Assert.Equal(("\nHm.\n", ""), (first.Reasoning, first.Text));
        Assert.Equal(("So {a}.\n", "42"), (second.Reasoning, second.Text));
        Assert.Equal(("", "Plain."), (third.Reasoning, third.Text));
    }

    [Fact]
    public async Task Model_that_thinks_in_a_channel_at_first_only_answers_in_text_after_its_second_tool_result()
    {
        await using var harness = await ModelHarness.StartAsync();
        for (var turn = 0; turn < 3; turn++)
        {
            harness.Upstream.Answers(answer => answer.Text("<|channel>thought\n", "Hm.\n", "<channel|>").ToolCall("a", "f", "{}").Ends("tool_calls"))
                .Says("Pl", "ain.");
        }

        harness.Upstream.Says("So {a}.", "<channel|>", "42").Says("Well.\n", "<channel|>", "43");
        var answers = new List<(string Reasoning, string Text)>();
        for (var turn = 0; turn < 3; turn++)
        {
            await harness.AskAsync();
            answers.Add(await AskAfterToolAsync());
        }

        await AskAfterToolAsync();
        answers.Add(await AskAfterToolAsync());

        Assert.Equal("Plain.", answers[0].Text);
        Assert.Equal([("", "Plain."), ("", "Plain."), ("Well.\n", "43")], answers[1..]);

        async Task<(string, string)> AskAfterToolAsync() => await harness.AskAsync(AfterTool) is var answer ? (answer.Reasoning, answer.Text) : default;
    }

    [Theory]
    [InlineData("length")]
    [InlineData("content_filter")]
    [InlineData("tool_calls")]
    [InlineData("stop", true)]
    public async Task Thoughts_in_a_channel_that_do_not_end_say_nothing_about_the_next_answer(string reason, bool calls = false)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Text("<|channel>thought\n", "Hm.\n", "<channel|>").ToolCall("a", "f", "{}").Ends("tool_calls"))
            .Answers(answer => (calls || reason is "tool_calls" ? answer.Text("So ", "on").ToolCall("b", "f", "{}") : answer.Text("So ", "on")).Ends(reason))
            .Says("Well.", "<channel|>", "43");

        await harness.AskAsync();
        await harness.AskAsync(AfterTool);
        var answer = await harness.AskAsync(AfterTool);

        Assert.Equal(("Well.", "43"), (answer.Reasoning, answer.Text));
    }

    [Theory]
    [InlineData("So {a}.", "<channel|>", "42")]
    [InlineData("Is it `a`?<channel|>42")]
    [InlineData("So {a}\n", "<channel|>")]
    [InlineData("Hm", "。<channel|>\n42")]
    public async Task Closing_tag_of_a_channel_after_a_sentence_shows_that_thoughts_continue_in_it(params string[] pieces) =>
        Assert.Equal(("Well.", "43"), await AskAfterPlainAnswerAndAsync(pieces));

    [Theory]
    [InlineData("Use `<channel|>` to close.")]
    [InlineData("Use `", "<channel|>", "` to close.")]
    [InlineData("Gemma writes ", "<channel|>", " and then answers.")]
    [InlineData("See.\n", "<channel|>", " closes the thoughts.")]
    [InlineData("```\nHm.\n", "<channel|>", "42\n```")]
    [InlineData("Write (", "<channel|>", ") or \"<channel|>\".")]
    public async Task Answer_that_quotes_the_closing_tag_of_a_channel_is_no_thoughts(params string[] pieces) =>
        Assert.Equal(("", "Well.<channel|>43"), await AskAfterPlainAnswerAndAsync(pieces));

    // A model that thinks in a channel, but has answered without thoughts after tool results: what it says after these pieces.
    private static async Task<(string Reasoning, string Text)> AskAfterPlainAnswerAndAsync(string[] pieces)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Text("<|channel>thought\n", "Hm.\n", "<channel|>").ToolCall("a", "f", "{}").Ends("tool_calls"))
            .Says("Plain.").Says(pieces).Says("Well.", "<channel|>", "43");
        await harness.AskAsync();
        await harness.AskAsync(AfterTool);
        await harness.AskAsync(AfterTool);
        var answer = await harness.AskAsync(AfterTool);
        return (answer.Reasoning, answer.Text);
    }

    [Theory]
    [InlineData("deepseek-ai/DeepSeek-R1-Distill-Qwen-32B")]
    [InlineData("qwq:32b")]
    [InlineData("Qwen/Qwen3-235B-A22B-Thinking-2507")]
    public async Task Model_whose_template_opens_the_tag_is_known_from_its_first_answer_on(string model)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Says("Hm {a}.\n", "</think>", "\n\n42");

        var answer = await harness.AskAsync(ModelHarness.Request with { Model = model });

        Assert.Equal(("Hm {a}.\n", "42"), (answer.Reasoning, answer.Text));
    }

    [Fact]
    public async Task Model_whose_server_parses_thoughts_answers_in_text_though_its_template_opens_the_tag()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Reasoning("Hm.").Text("4", "2").Ends()).Says("No ", "thoughts.").Says("Pl", "ain.");
        var request = ModelHarness.Request with { Model = "deepseek-r1" };

        var parsed = await harness.AskAsync(request);
        var unparsed = await harness.AskAsync(request);
        var learned = await harness.AskAsync(request);

        Assert.Equal(("Hm.", "42"), (parsed.Reasoning, parsed.Text));
        Assert.Equal("No thoughts.", unparsed.Text);
        Assert.Equal(("", "Plain."), (learned.Reasoning, learned.Text));
    }

    [Theory]
    [InlineData("I need {a}.\\n</think>\\n\\n42", "42")]
    [InlineData("</think>\\n42", "42")]
    [InlineData("Use `</think>` to close.", "Use `</think>` to close.")]
    [InlineData("<think> is closed by\\n</think>\\n", "<think> is closed by\\n</think>\\n")]
    public void Complete_answer_begins_after_thoughts_without_an_opening_tag(string text, string answer)
    {
        var bytes = Encoding.UTF8.GetBytes(text);

        Assert.Equal(answer, Encoding.UTF8.GetString(bytes.AsSpan(ThinkTags.StartOfAnswer(bytes))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<think>Hm.</think>")]
    public async Task White_space_without_end_is_text(string thoughts)
    {
        const int Pieces = 5000;
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Text([thoughts, .. Enumerable.Repeat(" \n\t", Pieces)]).Ends());

        var result = await harness.AskAsync();

        Assert.InRange(result.Text.Length, 2 * Pieces, 3 * Pieces);
        Assert.True(string.IsNullOrWhiteSpace(result.Text));
        Assert.True(result.Pieces.Count > Pieces / 2, "The pieces arrive as they are generated.");
    }

    // Whole, in two at each place, and letter by letter; never within an escape, which no chunk does.
    private static IEnumerable<string[]> Splits(string text)
    {
        var units = new List<string>();
        for (var at = 0; at < text.Length; at += units[^1].Length)
            units.Add(text.Substring(at, text[at] != '\\' ? 1 : text[at + 1] == 'u' ? 6 : 2));
        yield return [text];
        for (var place = 1; place < units.Count; place += 3)
            yield return [string.Concat(units[..place]), string.Concat(units[place..])];
        yield return [.. units];
    }

    private static string Plain(string escaped) => System.Text.Json.JsonSerializer.Deserialize<string>($"\"{escaped}\"")!;
}
