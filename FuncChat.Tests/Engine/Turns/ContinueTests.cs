using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Turns;

public sealed class ContinueTests : IDisposable
{
    private static readonly string[] Tools = [GatedTools.Echo, GatedTools.Steps];

    private readonly TurnBench _bench = new();

    [Fact]
    public async Task Turn_continues_from_every_event_and_from_within_each()
    {
        Script(_bench);
        _bench.Tools.Go.Set();
        var whole = await _bench.RunAsync(Tools);
        await _bench.QuietAsync();
        var (path, bytes) = await LogAsync(_bench);

        var end = bytes.Length - Encoding.UTF8.GetByteCount(SseEvent.Join(whole));
        for (var count = 0; count < whole.Count; count++)
        {
            await GoesOnAsync(path, bytes[..end], whole.Take(count));
            await GoesOnAsync(path, bytes[..(end + 9)], whole.Take(count));
            end += Encoding.UTF8.GetByteCount(whole[count].Raw);
        }
    }

    [Fact]
    public async Task Turn_is_handed_over_at_the_end_of_a_step_and_continues_elsewhere_without_running_a_tool_again()
    {
        _bench.Model.Calls(("a", GatedTools.Quick, "{}"));
        await using var reader = await _bench.StartAsync(tools: [GatedTools.Quick]);
        await _bench.Tools.Started.WaitAsync();

        var leaving = _bench.Runtime.DrainAsync();
        var refused = await _bench.Turns.StartAsync(TurnBench.User, "turn-0002", TurnBench.Request(), CancellationToken.None);
        _bench.Tools.Go.Set();
        await leaving;

        Assert.Equal((ErrorCode.Unavailable, true), (refused.Error!.Code, refused.Error.Retryable));
        var before = await reader.EventsToEndAsync();
        Assert.Equal("tool_call_result", before[^1].Name);
        using var other = _bench.Another();
        other.Model.Says("Done.");
        await using var follower = await other.FollowAsync(after: before[^1].Id);
        var after = await follower.EventsToEndAsync();
        Assert.Equal("complete", after[^1].Name);
        AssertCountsUp([.. before, .. after]);
        Assert.Equal(0, other.Tools.Runs);
    }

    [Fact]
    public async Task Turn_that_the_client_could_not_read_is_not_continued_for_it()
    {
        _bench.Model.Calls(("a", GatedTools.Quick, "{}"));
        await using var reader = await _bench.StartAsync(tools: [GatedTools.Quick]);
        await _bench.Tools.Started.WaitAsync();
        var leaving = _bench.Runtime.DrainAsync();
        _bench.Tools.Go.Set();
        await leaving;

        using var other = _bench.Another();
        var unfit = new AppError(ErrorCode.InvalidRequest, "Not in this format.");
        var followed = await other.Turns.FollowAsync(TurnBench.Key("turn-0001"), 0, CancellationToken.None, _ => unfit);

        Assert.Equal(unfit, followed.Error);
        Assert.Empty(other.Model.Requests);
        Assert.False(other.Runtime.Live.TryGet(TurnBench.Key("turn-0001"), out _));
    }

    [Fact]
    public async Task Model_calls_of_a_tool_are_counted_on_when_its_run_is_carried_out_again()
    {
        _bench.Model.Calls(("a", GatedTools.Asks, "{}")).Says("first");
        await using var reader = await _bench.StartAsync(tools: [GatedTools.Asks]);
        await reader.UntilAsync("""
            "phase":"first","iteration":1,"finish_reason"
            """);
        var leaving = _bench.Runtime.DrainAsync();
        _bench.Time.Advance(TimeSpan.FromSeconds(15));
        await leaving;

        using var other = _bench.Another();
        other.Tools.Go.Set();
        other.Model.Says("first").Says("second").Says("Done.");
        await using var follower = await other.FollowAsync(after: reader.Events[^1].Id);
        var own = (await follower.EventsToEndAsync()).Where(e => e.Text("tool") == GatedTools.Asks);

        Assert.Equal(["2", "2", "3", "3"], own.Select(e => e.Text("iteration")));
    }

    [Fact]
    public async Task Turn_that_reaches_no_end_of_a_step_is_handed_over_after_the_grace_and_its_text_is_generated_again()
    {
        var feed = new ModelFeed();
        _bench.Model.Plays(feed);
        await using var reader = await _bench.StartAsync();
        feed.Give(FakeModel.Text("The who"));
        await reader.UntilAsync("The who");

        var leaving = _bench.Runtime.DrainAsync();
        _bench.Time.Advance(TimeSpan.FromSeconds(15));
        await leaving;

        await feed.GivenUp.WaitAsync();
        Assert.DoesNotContain("event: error", await reader.ToEndAsync(), StringComparison.Ordinal);
        using var other = _bench.Another();
        other.Model.Says("The whole.");
        await using var follower = await other.FollowAsync();
        var events = await follower.EventsToEndAsync();
        Assert.Equal(
            ["status", "llm_request", "delta", "message_reset", "llm_request", "delta", "llm_response", "message_complete", "complete"], events.Select(e => e.Name));
        Assert.Equal("1", events[3].Text("iteration"));
        AssertCountsUp(events);
    }

    [Fact]
    public async Task Server_that_drains_ends_the_streams_of_turns_that_run_elsewhere()
    {
        _bench.Model.Plays(new ModelFeed());
        await using var reader = await _bench.StartAsync();
        await reader.UntilAsync("llm_request");
        using var other = _bench.Another();
        await using var follower = await other.FollowAsync();
        await follower.UntilAsync("llm_request");

        await other.Runtime.DrainAsync();
        var end = follower.ToEndAsync();
        await other.AdvanceUntilAsync(end);

        Assert.Equal(reader.Text, await end);
    }

    [Fact]
    public async Task Follower_continues_the_turn_when_the_instance_that_ran_it_is_gone()
    {
        _bench.Model.Plays(new ModelFeed());
        await using var reader = await _bench.StartAsync();
        await reader.UntilAsync("llm_request");
        using var other = _bench.Another(options => options.Heartbeat = TimeSpan.FromMilliseconds(100));
        other.Model.Says("Here.");
        await using var follower = await other.FollowAsync();
        await follower.UntilAsync("llm_request");
        var leaving = _bench.Runtime.DrainAsync();
        _bench.Time.Advance(TimeSpan.FromSeconds(15));
        await leaving;

        var end = follower.EventsToEndAsync();
        await other.AdvanceUntilAsync(end);

        Assert.Equal("complete", (await end)[^1].Name);
        AssertCountsUp(await end);
    }

    [Fact]
    public async Task Events_are_read_from_the_store_once_when_a_turn_is_continued_for_a_client_that_has_some()
    {
        var memory = new SharedMemory();
        var first = new MemoryTurnStore(memory);
        using var bench = new TurnBench(log: first);
        bench.Model.Calls(("a", GatedTools.Echo, "{}")).Plays(new ModelFeed());
        await using var reader = await bench.StartAsync(tools: [GatedTools.Echo]);
        await reader.UntilAsync("""
            "iteration":2
            """);
        first.Die();
        var second = new MemoryTurnStore(memory);
        using var other = new TurnBench(log: second);
        other.Model.Says("Done.");

        await using var follower = await other.FollowAsync(after: 2);
        var events = await follower.EventsToEndAsync();

        var stored = reader.Events.Select(each => each.Id).ToList();
        Assert.Equal(stored, second.EventsRead);
        Assert.Equal(reader.Events.Skip(2).Select(each => each.Raw), events.Take(stored.Count - 2).Select(each => each.Raw));
        Assert.Equal("complete", events[^1].Name);
    }

    [Fact]
    public async Task Turn_whose_tool_is_gone_from_the_server_ends_in_an_error_that_says_so()
    {
        var request = TurnBench.Request("gone");
        var header = new TurnHeader("turn-0001", TurnBench.User, _bench.Time.GetUtcNow(), request);
        await using (await _bench.Log.CreateAsync(TurnBench.Key("turn-0001"), header.ToFrame(_bench.Kinds), CancellationToken.None))
        {
        }

        await using var follower = await _bench.FollowAsync();
        var end = follower.EventsToEndAsync();
        await _bench.AdvanceUntilAsync(end);

        Assert.Equal("CONFIGURATION_ERROR", Assert.Single(await end).Text("code"));
    }

    [Fact]
    public async Task Interrupted_turn_that_is_stopped_ends_without_calling_the_model()
    {
        _bench.Model.Plays(new ModelFeed());
        await using (var reader = await _bench.StartAsync())
            await reader.UntilAsync("llm_request");
        var leaving = _bench.Runtime.DrainAsync();
        _bench.Time.Advance(TimeSpan.FromSeconds(15));
        await leaving;
        using var other = _bench.Another();

        Assert.Null(await other.Turns.StopAsync(TurnBench.Key("turn-0001"), CancellationToken.None));

        await using var follower = await other.FollowAsync();
        Assert.Equal(["status", "llm_request", "error"], (await follower.EventsToEndAsync()).Select(e => e.Name));
        Assert.Empty(other.Model.Requests);
    }

    [Fact]
    public async Task Ids_never_name_two_events_though_a_batched_store_loses_its_tail_again_and_again()
    {
        var store = new SharedMemory();
        var seen = new Dictionary<long, string>();
        var last = 0L;
        for (var life = 0; life < 5; life++)
        {
            var log = new MemoryTurnStore(store);
            using var bench = new TurnBench(log: log);
            var feed = new ModelFeed();
            bench.Model.Plays(feed);
            feed.Give(FakeModel.Text($"Life {life}, "), FakeModel.Text("half"));

            // Nothing is stored except what must be: the clock does not advance.
            await using var reader = life == 0 ? await bench.StartAsync() : await bench.FollowAsync(after: last);
            await reader.UntilAsync("half");
            log.Die();
            foreach (var each in reader.Events)
            {
                Assert.True(each.Id > last && seen.TryAdd(each.Id, each.Raw), $"{each.Id} is another event now.");
                last = each.Id;
            }

            Assert.Equal(life > 0, reader.Events[0].Name == "message_reset");
        }
    }

    public void Dispose() => _bench.Dispose();

    // Answers depend on the request, so that a repeated call gets the same.
    private static void Script(TurnBench bench) => bench.Model.Otherwise(request => request.Messages.Count == 1
        ?
        [
            FakeModel.Text("Let me "), FakeModel.Text("look."), FakeModel.Call(0, "a", GatedTools.Echo, """{"text":"one"}"""),
            FakeModel.Call(1, "b", GatedTools.Steps), FakeModel.Call(2, "c", "ghost"), FakeModel.Finish("tool_calls"), FakeModel.Usage(10, 5),
        ]
        : [FakeModel.Text("So "), FakeModel.Text("it is."), FakeModel.Finish(), FakeModel.Usage(20, 6)]);

    private static async Task<(string Path, byte[] Bytes)> LogAsync(TurnBench bench)
    {
        var path = Assert.Single(Directory.EnumerateFiles(bench.DataPath, "*.log", SearchOption.AllDirectories));
        return (Path.GetRelativePath(bench.DataPath, path), await File.ReadAllBytesAsync(path));
    }

    private static async Task GoesOnAsync(string path, byte[] log, IEnumerable<SseEvent> logged)
    {
        using var bench = new TurnBench();
        Script(bench);
        bench.Tools.Go.Set();
        var file = Path.Combine(bench.DataPath, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, log);

        await using var follower = await bench.FollowAsync();
        var events = await follower.EventsToEndAsync();

        Assert.Equal(SseEvent.Join(logged), SseEvent.Join(events.Take(logged.Count())));
        AssertCountsUp(events);
        Assert.Equal("complete", Assert.Single(events, e => e.Name is "complete" or "error").Name);
        Assert.Equal(5, events[^1].Data.GetProperty("messages").GetArrayLength());
        Assert.Equal("So it is.", events[^1].Data.GetProperty("messages")[4].GetProperty("content").GetString());
        Assert.Equal(["a", "b", "c"], events.Where(e => e.Name == "tool_call_result").Select(e => e.Text("id")).Order());
        Assert.Equal("So it is.", SseEvent.LastAnswer(events));
    }

    private static void AssertCountsUp(IReadOnlyList<SseEvent> events) =>
        Assert.Equal(Enumerable.Range(1, events.Count).Select(id => (long)id), events.Select(e => e.Id));
}
