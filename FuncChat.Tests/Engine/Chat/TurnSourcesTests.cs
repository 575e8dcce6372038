using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Events;
using FuncChat.Engine.Models;

namespace FuncChat.Tests.Engine.Chat;

public sealed class TurnSourcesTests
{
    private const string First = """{"results":[{"n":1,"title":"One","url":"https://one.test/"},{"n":2,"title":"Two","url":"https://two.test/"}],"summary":"Yes [1]."}""";

    private readonly TurnSources _sources = new();

    [Fact]
    public void First_result_keeps_its_numbers_and_its_text()
    {
        var (result, added) = _sources.Number(First);

        Assert.Same(First, result);
        Assert.Equal([new CitationEvent(1, "https://one.test/", "One"), new CitationEvent(2, "https://two.test/", "Two")], added);
    }

    [Fact]
    public void Later_results_continue_the_numbers_and_a_known_page_keeps_its_own()
    {
        _sources.Number(First);

        var (result, added) = _sources.Number(
            """{"answer":"A [1], b [2], c [3], d [1][2], e [x].","sources":[{"n":1,"title":"Three","url":"https://three.test/"},{"n":2,"title":"Zwei","url":"https://two.test/#part"}]}""");

        Assert.Equal(
            """{"answer":"A [3], b [2], c [3], d [3][2], e [x].","sources":[{"n":3,"title":"Three","url":"https://three.test/"},{"n":2,"title":"Zwei","url":"https://two.test/#part"}]}""",
            result);
        Assert.Equal([new CitationEvent(3, "https://three.test/", "Three")], added);
    }

    [Fact]
    public void Place_by_which_an_earlier_answer_cites_a_page_stays_with_it_when_the_turn_is_continued()
    {
        // The process ended: what is left are the events. The answer's third source was a page with the number 1.
        var state = new ChatTurnState(new HashSet<string>());
        state.Apply(new CitationEvent(1, "https://one.test/", "One"));
        state.Apply(new LlmRequestEvent("answer", 1, "p", "m"));
        state.Apply(new MessageCompleteEvent(new RawJson("""{"role":"assistant","content":"As [3] says, see a[2024] and [1\u005d."}"""u8.ToArray())));

        var of = state.Sources.Number([new ModelSource("https://three.test/", "Three", 3)]);
        var (_, found) = state.Sources.Number("""{"results":[{"n":1,"title":"Four","url":"https://four.test/"}]}""");

        Assert.Equal([4], of.Select(citation => citation.Number));
        Assert.Equal([5], found.Select(citation => citation.Number));
    }

    [Fact]
    public void Brackets_in_the_text_of_a_turn_without_sources_are_no_places()
    {
        var state = new ChatTurnState(new HashSet<string>());
        state.Apply(new LlmRequestEvent("answer", 1, "p", "m"));
        state.Apply(new MessageCompleteEvent(new RawJson("""{"role":"assistant","content":"The array a[1]."}"""u8.ToArray())));

        Assert.Equal([1], state.Sources.Number([new ModelSource("https://one.test/", "One", 1)]).Select(citation => citation.Number));
    }

    [Fact]
    public void Page_is_a_source_itself()
    {
        _sources.Number(First);

        var (result, added) = _sources.Number("""{"n":1,"url":"https://page.test/","content":"As [1] says, größer."}""");

        Assert.Equal("""{"n":3,"url":"https://page.test/","content":"As [1] says, größer."}""", result);
        Assert.Equal([new CitationEvent(3, "https://page.test/", "https://page.test/")], added);
    }

    [Fact]
    public void Numbers_continue_after_events_that_were_stored()
    {
        _sources.Apply(new CitationEvent(1, "https://two.test/", "Two"));

        var (_, added) = _sources.Number(First);

        Assert.Equal([new CitationEvent(2, "https://one.test/", "One")], added);
    }

    [Fact]
    public void Sources_of_an_answer_have_the_numbers_by_which_its_text_cites_them()
    {
        var added = _sources.Number([new ModelSource("https://three.test/", "Three", 3), new ModelSource("https://other.test/", "Other"), new ModelSource("https://one.test/", "One", 1)]);

        Assert.Equal([(1, "One"), (3, "Three"), (4, "Other")], added.Select(citation => (citation.Number, citation.Title)));
        Assert.Empty(_sources.Number([new ModelSource("https://one.test/#part", "Again", 2)]));
        Assert.Equal(5, Assert.Single(_sources.Number([new ModelSource("https://five.test/", "Five", 4)])).Number);
    }

    [Fact]
    public void Sources_of_an_answer_take_no_number_of_a_tool_and_a_known_page_keeps_its_own()
    {
        _sources.Number(First);

        var added = _sources.Number([new ModelSource("https://a.test/", "A", 1), new ModelSource("https://one.test/", "One", 2), new ModelSource("https://c.test/", "C", 3)]);

        Assert.Equal([(3, "C"), (4, "A")], added.Select(citation => (citation.Number, citation.Title)));
    }

    [Fact]
    public void Place_of_a_known_page_is_no_number_of_another_one()
    {
        _sources.Number([new ModelSource("https://known.test/", "Known", 1)]);

        var added = _sources.Number([new ModelSource("https://a.test/", "A", 1), new ModelSource("https://b.test/", "B", 2), new ModelSource("https://known.test/", "Known", 3)]);

        Assert.Equal([(2, "B"), (4, "A")], added.Select(citation => (citation.Number, citation.Title)));
    }

    [Fact]
    public void Number_by_which_an_earlier_answer_cites_a_known_page_is_no_number_of_another_one()
    {
        _sources.Number(First);
        Assert.Empty(_sources.Number([new ModelSource("https://one.test/", "One", 4)]));

        var added = _sources.Number([new ModelSource("https://a.test/", "A", 4), new ModelSource("https://b.test/", "B")]);
        var (_, found) = _sources.Number("""{"results":[{"n":1,"title":"C","url":"https://c.test/"}]}""");

        Assert.Equal([(5, "A"), (6, "B"), (7, "C")], added.Concat(found).Select(citation => (citation.Number, citation.Title)));
    }

    [Fact]
    public void Sources_of_an_answer_that_is_reset_free_their_numbers()
    {
        _sources.Apply(new CitationEvent(1, "https://tool.test/", "Tool"));
        _sources.BeginCall();
        _sources.Apply(new CitationEvent(2, "https://void.test/", "Void"));
        _sources.ResetCall();

        var added = _sources.Number([new ModelSource("https://a.test/", "A", 2), new ModelSource("https://void.test/", "Void")]);

        Assert.Equal([(2, "A"), (3, "Void")], added.Select(citation => (citation.Number, citation.Title)));
    }

    [Fact]
    public void Number_of_sources_of_answers_is_bounded()
    {
        for (var answer = 0; answer < 10; answer++)
            _sources.Number([.. Enumerable.Range(0, 100).Select(place => new ModelSource($"https://{answer}-{place}.test/", "x", place + 1))]);

        Assert.Empty(_sources.Number([new ModelSource("https://more.test/", "More")]));
        var (_, added) = _sources.Number(First);
        Assert.Equal([201, 202], added.Select(citation => citation.Number));
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("""{"results":{"n":1}}""")]
    [InlineData("""{"results":[1,{"n":"x","url":"https://one.test/"},{"n":1,"url":5},{"n":1.5,"url":"https://one.test/"}]}""")]
    [InlineData("""{"error":"Failed."}""")]
    public void Result_without_sources_is_unchanged(string result)
    {
        var (same, added) = _sources.Number(result);

        Assert.Same(result, same);
        Assert.Empty(added);
    }
}
