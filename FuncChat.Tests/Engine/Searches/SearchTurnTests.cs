using System.Text.Json;
using FuncChat.Engine.Usage;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Searches;

public sealed class SearchTurnTests : IAsyncLifetime
{
    private SearchTurnBench _bench = null!;

    public async Task InitializeAsync()
    {
        _bench = await SearchTurnBench.StartAsync();
        _bench.Web.Server.On("/a", "<title>A</title><article><p>The text of page A.</p></article>");
        _bench.Web.Server.On("/b", "Plain text of B.", "text/plain");
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Queries_are_reported_as_they_finish_and_merged_at_the_end()
    {
        _bench.Search.Finds("one", "http://site.test/a?utm_source=x#top", "http://site.test/gone")
            .Finds("two", "http://site.test/b", "http://site.test/a");
        var first = _bench.Search.Hold("one");
        await using var reader = await _bench.StartAsync(SearchTurnBench.Request("one", "two"));
        await reader.UntilAsync("search_result");
        first.Set();

        var events = await reader.EventsToEndAsync();

        Assert.Equal(["search_start", "search_result", "search_result", "complete"], events.Select(e => e.Name));
        Assert.Equal("""{"turn_id":"turn-0001","queries":["one","two"],"max_results":5}""", events[0].Data.GetRawText());
        Assert.Equal(("two", "1", "2"), (events[1].Text("query"), events[1].Text("index"), events[1].Text("count")));
        Assert.Equal(
            """[{"url":"http://site.test/b","title":"Title of http://site.test/b","description":"About it","score":1,"content":"Plain text of B."},"""
            + """{"url":"http://site.test/a","title":"Title of http://site.test/a","description":"About it","score":0.5,"content":"The text of page A."}]""",
            events[1].Text("results"));
        var gone = events[2].Data.GetProperty("results")[1];
        Assert.Contains("404", gone.GetProperty("content_error").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            [("http://site.test/a", 0.75), ("http://site.test/b", 0.5), ("http://site.test/gone", 0.25)],
            events[3].Data.GetProperty("results").EnumerateArray()
                .Select(page => (page.GetProperty("url").GetString()!, page.GetProperty("score").GetDouble())));
    }

    [Fact]
    public async Task Page_is_read_once_when_several_queries_find_it()
    {
        _bench.Search.Finds("one", "http://site.test/a", "http://SITE.test:80/a#x")
            .Finds("two", "http://site.test/a?fbclid=1").Finds("three", "http://site.test/a");

        var events = await _bench.RunAsync("one", "two", "three");

        Assert.Equal(["/a"], _bench.Web.Server.Requests);
        Assert.Equal(["1", "1", "1"], events.Where(e => e.Name == "search_result").Select(e => e.Text("count")));
    }

    [Fact]
    public async Task Pages_are_not_read_when_their_content_is_not_wanted()
    {
        _bench.Search.Finds("one", "http://site.test/a");
        await using var reader = await _bench.StartAsync(SearchTurnBench.Request("one") with { IncludeContent = false });

        var events = await reader.EventsToEndAsync();

        Assert.Empty(_bench.Web.Server.Requests);
        Assert.False(events[1].Data.GetProperty("results")[0].TryGetProperty("content", out _));
    }

    [Fact]
    public async Task Long_page_is_cut_with_a_note()
    {
        _bench.Web.Server.On("/long", new string('x', 20_000), "text/plain");
        _bench.Search.Finds("one", "http://site.test/long");

        var page = (await _bench.RunAsync("one"))[1].Data.GetProperty("results")[0];

        Assert.Equal(10_000, page.GetProperty("content").GetString()!.Length);
        Assert.Contains("20,000", page.GetProperty("content_note").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_that_fails_does_not_fail_the_others()
    {
        _bench.Search.Finds("one", "http://site.test/a");

        var events = await _bench.RunAsync("bad", "one");

        var failed = events.Single(e => e.Name == "search_error");
        Assert.Equal(("bad", "0"), (failed.Text("query"), failed.Text("index")));
        Assert.Contains("out of order", failed.Text("error"), StringComparison.Ordinal);
        Assert.Equal(1, events[^1].Data.GetProperty("results")[0].GetProperty("score").GetDouble());
    }

    [Fact]
    public async Task Each_query_counts_as_a_tool_run_of_its_user()
    {
        await _bench.RunAsync("one", "two", "three");

        var today = UsageWindow.At(_bench.Web.Clock.GetUtcNow(), TurnBench.User, UsageKind.ToolRuns);
        Assert.Equal(3, await _bench.Usage.AddAsync(today, 0, CancellationToken.None));
    }

    [Fact]
    public async Task Queries_over_the_limit_fail_and_the_others_run()
    {
        await using var bench = await SearchTurnBench.StartAsync(toolRunsPerDay: 2);
        bench.Search.Finds("one").Finds("two").Finds("three").Finds("four");

        var events = await bench.RunAsync("one", "two", "three", "four");

        Assert.Equal(["search_start", "search_error", "search_error", "search_result", "search_result", "complete"], events.Select(e => e.Name));
        Assert.Equal(["three", "four"], events.Where(e => e.Name == "search_error").Select(e => e.Text("query")));
        Assert.Contains("limit of 2 tool runs per day", events[1].Text("error"), StringComparison.Ordinal);
        var today = UsageWindow.At(bench.Web.Clock.GetUtcNow(), TurnBench.User, UsageKind.ToolRuns);
        Assert.Equal(2, await bench.Usage.AddAsync(today, 0, CancellationToken.None));
    }

    [Fact]
    public async Task Search_that_finds_nothing_is_complete()
    {
        _bench.Search.Finds("one");

        var events = await _bench.RunAsync("one");

        Assert.Equal("""{"query":"one","index":0,"count":0,"results":[]}""", events[1].Data.GetRawText());
        Assert.Equal("""{"status":"success","results":[]}""", events[2].Data.GetRawText());
    }

    [Fact]
    public async Task Search_fails_when_all_queries_do()
    {
        var events = await _bench.RunAsync("bad", "worse");

        Assert.Equal(["search_start", "search_error", "search_error", "error"], events.Select(e => e.Name));
        Assert.Equal(("UPSTREAM_ERROR", "True"), (events[3].Text("code"), events[3].Text("retryable")));
        Assert.Contains("All 2 searches failed", events[3].Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_never_continues_on_the_thread_that_ended_its_wait()
    {
        var received = new TaskCompletionSource();
        _bench.Search.Finds("one").Received = received.Task;
        await using var reader = await _bench.StartAsync(SearchTurnBench.Request("one"));
        await reader.UntilAsync("search_start");
        var socket = new Thread(received.SetResult);
        socket.Start();

        await reader.EventsToEndAsync();

        Assert.NotEqual(socket.ManagedThreadId, _bench.Search.ThreadId);
    }

    [Fact]
    public async Task Stop_gives_up_the_queries_under_way()
    {
        _bench.Search.Hold("one");
        await using var reader = await _bench.StartAsync(SearchTurnBench.Request("one"));
        await reader.UntilAsync("search_start");

        await _bench.StopAsync();

        await _bench.Search.GivenUp.WaitAsync();
        Assert.Equal("CANCELLED", (await reader.EventsToEndAsync())[^1].Text("code"));
    }

    [Fact]
    public async Task Search_continues_elsewhere_with_the_queries_that_have_no_result()
    {
        var store = new SharedMemory();
        await using var first = await SearchTurnBench.StartAsync(new MemoryTurnStore(store));
        first.Web.Server.On("/a", "Text of A.", "text/plain");
        first.Search.Finds("one", "http://site.test/a").Hold("two");
        var third = first.Search.Hold("three");
        await using var reader = await first.StartAsync(SearchTurnBench.Request("one", "two", "bad", "three"));
        await reader.UntilAsync("search_result");
        await reader.UntilAsync("search_error");

        // It leaves at the end of the next query, though another one still runs.
        var leaving = first.LeaveAsync();
        first.Search.Finds("three");
        third.Set();
        await leaving;
        var before = await reader.EventsToEndAsync();
        Assert.DoesNotContain(before, e => e.Name is "complete" or "error");

        await using var second = await SearchTurnBench.StartAsync(new MemoryTurnStore(store));
        second.Search.Finds("two", "http://site.test/a");
        await using var follower = await second.FollowAsync();
        var events = await follower.EventsToEndAsync();

        Assert.Equal(["two"], second.Search.Asked);
        Assert.Empty(second.Web.Server.Requests);
        Assert.Equal(SseEvent.Join(before), SseEvent.Join(events.Take(before.Count)));
        var found = Assert.Single(events[^1].Data.GetProperty("results").EnumerateArray());
        Assert.Equal("""["one","two"]""", JsonSerializer.Serialize(found.GetProperty("queries")));
        Assert.Equal("Text of A.", events[^2].Data.GetProperty("results")[0].GetProperty("content").GetString());
    }
}
