using FuncChat.Engine.Events;
using FuncChat.Engine.Searches;

namespace FuncChat.Tests.Engine.Searches;

public sealed class PageMergeTests
{
    [Fact]
    public void Page_that_every_query_finds_first_has_the_score_one()
    {
        var page = Assert.Single(PageMerge.Merge([Answer("x", "a"), Answer("y", "a")]));

        Assert.Equal((1, "x,y"), (page.Score, string.Join(',', page.Queries)));
    }

    [Fact]
    public void Page_that_several_queries_find_ranks_before_one_that_a_single_query_finds_at_the_same_place()
    {
        Assert.Equal(
            [("both", 0.6667), ("alone", 0.3333), ("third", 0.3333), ("other", 0.1667)],
            PageMerge.Merge([Answer("x", "alone", "both"), Answer("y", "both", "other"), Answer("z", "third", "both")])
                .Select(page => (page.Url, page.Score)));
    }

    [Fact]
    public void Score_counts_queries_that_found_nothing()
    {
        Assert.Equal(0.5, Assert.Single(PageMerge.Merge([Answer("x", "a"), Answer("y")])).Score);
        Assert.Empty(PageMerge.Merge([Answer("x"), Answer("y")]));
    }

    [Fact]
    public void Page_is_shown_as_the_query_that_ranks_it_best_has_it()
    {
        var merged = PageMerge.Merge([Answer("x", "first", "a"), Answer("y", "a")]);

        Assert.Equal("a of y", merged.Single(page => page.Url == "a").Title);
    }

    private static SearchResultEvent Answer(string query, params string[] urls) =>
        new(query, 0, urls.Length, [.. urls.Select((url, place) => new FoundPage(url, $"{url} of {query}", "", PageMerge.ScoreAt(place)))]);
}
