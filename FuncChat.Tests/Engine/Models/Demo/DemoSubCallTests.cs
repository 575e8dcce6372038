using FuncChat.Engine.Models.Demo;
using FuncChat.Tools;
using static FuncChat.Tests.Engine.Models.Demo.DemoMessages;

namespace FuncChat.Tests.Engine.Models.Demo;

public sealed class DemoSubCallTests
{
    [Fact]
    public void Sub_call_gives_a_page_by_its_first_sentences()
    {
        var page = UntrustedText.Wrap("## Tides\n\nThe sea rises. It falls. It rises. Then more.");

        Assert.Equal("The sea rises. It falls. It rises.", Answer("Summarise the page.", $"Page: tides\n{page}"));
    }

    [Fact]
    public void Sub_call_gives_the_first_sentence_of_each_of_several_sources_by_number()
    {
        var answer = Answer("Answer with sources.", $"Question: tides?\n[1] {UntrustedText.Wrap("One. Two.")}\n[2] {UntrustedText.Wrap("# Only a heading")}");

        Assert.Contains("picked by a script", answer, StringComparison.Ordinal);
        Assert.EndsWith("- One. [1]\n- Only a heading [2]", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Sub_call_takes_notes_under_headings_with_addresses_for_several_sources()
    {
        const string Notes = "## Tides\nhttps://a.test/\nOne. Two.\n\n## Moon\nhttps://b.test/\nThree. Four.\n\n";

        Assert.EndsWith(":\n\n- One. [1]\n- Three. [2]", Answer("Answer the query.", $"Query: tides\n\n{UntrustedText.Wrap(Notes)}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Question: How do \"tides\" work?", """["How do \"tides\" work"]""")]
    [InlineData("\n\nHow do tides work?\nAnd why?", """["How do tides work"]""")]
    public void Sub_call_plans_the_question_itself_when_a_JSON_array_is_asked_for(string prompt, string expected)
    {
        Assert.Equal(expected, Answer("Give search queries as a JSON array of strings.", prompt));
    }

    [Fact]
    public void Sub_call_asks_on_when_a_follow_up_is_planned()
    {
        var answer = Answer("Give follow-up queries as a JSON array of strings.", $"Question: tides?\n{UntrustedText.Wrap("The sea rises.")}");

        Assert.Equal("""["tides in detail"]""", answer);
    }

    [Theory]
    [InlineData("<untrusted_content>")]
    [InlineData(".")]
    [InlineData("[")]
    [InlineData("# ")]
    [InlineData("a. ")]
    public void Sub_call_answers_without_hanging_when_a_page_is_long_garbage(string piece)
    {
        var page = string.Concat(Enumerable.Repeat(piece, 20_000));

        Assert.NotEmpty(Answer("Summarise.", $"Page: {UntrustedText.Wrap($"{page}x")}")!);
    }

    [Fact]
    public void Sub_call_is_none_when_a_person_asks()
    {
        Assert.Null(Answer("You are kind.", "Hello"));
        Assert.Null(DemoSubCall.AnswerTo(DemoConversation.Read([User($"Read {UntrustedText.Wrap("x")}")])));
        Assert.Null(DemoSubCall.AnswerTo(DemoConversation.Read([Instructions("As a JSON array."), User("a"), Assistant("b"), User("c")])));
    }

    private static string? Answer(string instructions, string prompt) =>
        DemoSubCall.AnswerTo(DemoConversation.Read([Instructions(instructions), User(prompt)]));
}
