using FuncChat.Tests.Support;

namespace FuncChat.Tests.Local;

/// <summary>The real process, ended with SIGKILL and started again over the same data folder.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    private const string TurnId = "turn-crash";

    private const string Body =
        $$"""{"messages":[{"role":"user","content":"Research rust."}],"model":"openai:scripted","tools":["research","search_web"],"turn_id":"{{TurnId}}"}""";

    private readonly TemporaryFolder _folder = new();
    private readonly List<SseEvent> _seen = [];
    private CrashUpstream _upstream = null!;

    public async Task InitializeAsync() => _upstream = await CrashUpstream.StartAsync();

    public async Task DisposeAsync()
    {
        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Turn_survives_kills_at_every_stage_and_does_nothing_twice_that_was_done()
    {
        _upstream.Answers.Add(answer => answer.Text("Let me ", "look.")
            .ToolCall("call_s", "search_web", """{"query":"quick one"}""")
            .ToolCall("call_r", "research", """{"question":"What is rust?","max_sources":2}""", index: 1).Ends("tool_calls"));
        _upstream.Answers.Add(answer => answer.Text("So it ", "is.").Ends());
        _upstream.Stall("chat0", 2);
        _upstream.Stall("page2", 2);
        _upstream.Stall("answer", 1);
        _upstream.Stall("chat1", 2);

        await LiveAsync(_ => _.Text("content") == "Half an"); // in the first answer
        await LiveAsync(_ => _.Text("content") == "Half an"); // and again
        await LiveAsync(new PageOneRead().See, "page2"); // one page read, the search ended, the other page under way
        await LiveAsync(_ => _.Text("phase") == "page_summary", "page2"); // the other page again
        await LiveAsync(_ => _.Text("phase") == "research_answer", "answer"); // both read, the answer under way
        await LiveAsync(_ => _.Text("content") == "Half an"); // all tools ended
        await LiveAsync(_ => _.Text("content") == "Half an");
        await LiveAsync(_ => false);

        var whole = await WholeAsync();
        Assert.Equal(["Half an", "Half an", "Half an", "Half an"], whole.Where(e => e.Text("content") == "Half an").Select(e => e.Text("content")));
        Assert.Equal(4, whole.Count(e => e.Name == "message_reset"));
        Assert.Equal(1, _upstream.Searched("quick one"));
        Assert.Equal(1, _upstream.Searched("rust"));
        Assert.Equal(1, _upstream.Asked("plan"));
        Assert.Equal(1, _upstream.Asked("page1"));
        Assert.Equal(1, _upstream.Fetched("/page1"));
        Assert.Equal(3, _upstream.Asked("page2"));
        Assert.Equal(2, _upstream.Asked("answer"));
        Assert.Contains("The answer [1] is [2].", Assert.Single(whole, IsResultOf("call_r")).Text("content"), StringComparison.Ordinal);
        Assert.Single(whole, IsResultOf("call_s"));
        Assert.Equal("So it is.", whole[^1].Data.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString());
    }

    [Fact]
    public async Task Turn_survives_kills_at_any_event()
    {
        const int Rounds = 4;
        for (var round = 0; round < Rounds; round++)
        {
            var query = $"query {round}";
            _upstream.Answers.Add(answer => answer.Text("Look ", "again.").ToolCall("call_0", "search_web", $$"""{"query":"{{query}}"}""").Ends("tool_calls"));
        }

        _upstream.Answers.Add(answer => answer.Text([.. Enumerable.Range(0, 20).Select(n => $"word{n} ")]).Ends());
        var searchedWhenSeen = new Dictionary<string, int>();

        foreach (var step in new[] { 1, 3, 5, 2, 7, 11 })
        {
            var target = _seen.Count + step;
            await LiveAsync(_ => _seen.Count >= target);
            foreach (var result in _seen.Where(e => e.Name == "tool_call_result"))
            {
                var query = $"query {searchedWhenSeen.Count}";
                searchedWhenSeen.TryAdd(result.Text("id")!, _upstream.Searched(query));
            }
        }

        await LiveAsync(_ => false);

        var whole = await WholeAsync();
        Assert.Equal(Rounds, whole.Count(e => e.Name == "tool_call_result"));
        foreach (var (index, (_, count)) in searchedWhenSeen.Index())
            Assert.Equal(count, _upstream.Searched($"query {index}"));
        Assert.Equal(string.Concat(Enumerable.Range(0, 20).Select(n => $"word{n} ")), SseEvent.LastAnswer(whole));
    }

    [Fact]
    public async Task Second_instance_follows_the_first_and_continues_its_turn_when_it_is_killed()
    {
        _upstream.Answers.Add(answer => answer.Text("The whole ", "answer.").Ends());
        _upstream.Stall("chat0", 1);
        await using var first = await LocalProcess.StartAsync(_folder.Path, _upstream.Environment);
        await using var second = await LocalProcess.StartAsync(_folder.Path, _upstream.Environment);
        await using var started = await TurnStream.PostAsync(first.Http, Body);
        await using var followed = await TurnStream.FollowAsync(second.Http, TurnId, 0);
        await ReadAsync(followed, e => e.Text("content") == "Half an");

        await first.KillAsync();

        await ReadAsync(followed, _ => false);
        var whole = await WholeAsync(second);
        Assert.Equal(2, _upstream.Models.Requests.Count);
        Assert.Equal("The whole answer.", SseEvent.LastAnswer(whole));
    }

    private static Predicate<SseEvent> IsResultOf(string call) => e => e.Name == "tool_call_result" && e.Text("id") == call;

    /// <summary>One life of the process: continues the turn until the condition, or to the end of the turn.</summary>
    /// <param name="stalled">The model call that is running when the process is killed.</param>
    private async Task LiveAsync(Func<SseEvent, bool> until, string? stalled = null)
    {
        await using var process = await LocalProcess.StartAsync(_folder.Path, _upstream.Environment);
        await using var stream = _seen.Count == 0
            ? await TurnStream.PostAsync(process.Http, Body)
            : await TurnStream.FollowAsync(process.Http, TurnId, _seen[^1].Id);
        await ReadAsync(stream, until);
        if (stalled is not null)
            await _upstream.StalledAsync(stalled);
        await process.KillAsync();
    }

    private async Task ReadAsync(TurnStream stream, Func<SseEvent, bool> until)
    {
        while (await stream.NextAsync() is { } next)
        {
            Assert.Equal(_seen.Count + 1, next.Id);
            _seen.Add(next);
            if (until(next))
                return;
        }

        Assert.True(_seen.Count > 0 && _seen[^1].Name == "complete", $"The stream ended with {_seen.LastOrDefault()?.Raw}");
    }

    // What was seen over all lives is what the log says.
    private async Task<IReadOnlyList<SseEvent>> WholeAsync(LocalProcess? process = null)
    {
        await using var own = process is null ? await LocalProcess.StartAsync(_folder.Path, _upstream.Environment) : null;
        await using var stream = await TurnStream.FollowAsync((process ?? own)!.Http, TurnId, 0);
        var whole = await stream.ToEndAsync();
        Assert.Equal(SseEvent.Join(whole), SseEvent.Join(_seen));
        Assert.Single(whole, e => e.Name is "complete" or "error");
        return whole;
    }

    // Both come in either order, and so do the events of the other page.
    private sealed class PageOneRead
    {
        private bool _pageRead;
        private bool _searched;
        private int _summaries;

        public bool See(SseEvent next)
        {
            _pageRead |= next.Text("message") == "1 of 2 pages read";
            _searched |= IsResultOf("call_s")(next);
            _summaries += next is { Name: "llm_request" } && next.Text("phase") == "page_summary" ? 1 : 0;
            return _pageRead && _searched && _summaries == 2;
        }
    }
}
