using FuncChat.Tests.Support;

namespace FuncChat.Tests.Local;

/// <summary>Turns of processes that are killed at known points.</summary>
public sealed class CrashTests : CrashBench
{
    [Fact]
    public async Task Turn_survives_kills_at_every_stage_and_does_nothing_twice_that_was_done()
    {
        Upstream.Answers.Add(answer => answer.Text("Let me ", "look.")
            .ToolCall("call_s", "search_web", """{"query":"quick one"}""")
            .ToolCall("call_r", "research", """{"question":"What is rust?","max_sources":2}""", index: 1).Ends("tool_calls"));
        Upstream.Answers.Add(answer => answer.Text("So it ", "is.").Ends());
        Upstream.Stall("chat0", 2);
        Upstream.Stall("page2", 2);
        Upstream.Stall("answer", 1);
        Upstream.Stall("chat1", 2);

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
        Assert.Equal(1, Upstream.Searched("quick one"));
        Assert.Equal(1, Upstream.Searched("rust"));
        Assert.Equal(1, Upstream.Asked("plan"));
        Assert.Equal(1, Upstream.Asked("page1"));
        Assert.Equal(1, Upstream.Fetched("/page1"));
        Assert.Equal(3, Upstream.Asked("page2"));
        Assert.Equal(2, Upstream.Asked("answer"));
        Assert.Contains("The answer [1] is [2].", Assert.Single(whole, IsResultOf("call_r")).Text("content"), StringComparison.Ordinal);
        Assert.Single(whole, IsResultOf("call_s"));
        Assert.Equal("So it is.", whole[^1].Data.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString());
    }

    [Fact]
    public async Task Second_instance_follows_the_first_and_continues_its_turn_when_it_is_killed()
    {
        Upstream.Answers.Add(answer => answer.Text("The whole ", "answer.").Ends());
        Upstream.Stall("chat0", 1);
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        await using var started = await TurnStream.PostAsync(first.Http, Body);
        await using var followed = await TurnStream.FollowAsync(second.Http, TurnId, 0);
        await ReadAsync(followed, e => e.Text("content") == "Half an");

        await first.KillAsync();

        await ReadAsync(followed, _ => false);
        var whole = await WholeAsync(second);
        Assert.Equal(2, Upstream.Models.Requests.Count);
        Assert.Equal("The whole answer.", SseEvent.LastAnswer(whole));
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
