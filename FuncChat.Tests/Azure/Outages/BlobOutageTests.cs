using System.Net;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Azure.Outages;

/// <summary>
/// What clients see while the storage account is away, and after it. An outage lasts as long as the requests take that fail in it: no test waits for a time.
/// </summary>
[Collection(OutageTests.Name)]
public sealed class BlobOutageTests(AzuriteServer azurite)
{
    [Fact]
    public Task Requests_fail_within_seconds_and_succeed_when_the_store_is_back() => EachAsync(async outage =>
    {
        await using var bench = await OutageBench.StartAsync(azurite);
        Assert.Equal("complete", (await bench.RunTurnAsync("turn-0001", "Before."))[^1].Name);
        Assert.Equal((HttpStatusCode.OK, "ok"), await bench.HealthAsync());
        await bench.Relay.BeginAsync(outage);

        await Task.WhenAll(
            bench.AssertUnavailableAsync(HttpMethod.Post, "api/chat", OutageBench.Body("turn-0002")),
            bench.AssertUnavailableAsync(HttpMethod.Get, "api/chat/turn-0001"),
            bench.AssertUnavailableAsync(HttpMethod.Delete, "api/chat/turn-0001"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "failed"), await bench.HealthAsync());

        bench.Relay.End();
        Assert.Equal("complete", (await bench.RunTurnAsync("turn-0003", "After."))[^1].Name);
        await using var followed = await TurnStream.FollowAsync(bench.Http, "turn-0001", after: 0);
        Assert.Equal("complete", (await bench.ToEndAsync(followed))[^1].Name);
        Assert.Equal((HttpStatusCode.OK, "ok"), await bench.HealthAsync());
    });

    [Fact]
    public Task Turn_that_runs_through_a_short_outage_keeps_its_answer() => EachAsync(async outage =>
    {
        var feed = new ModelFeed();
        await using var bench = await OutageBench.StartAsync(azurite);
        bench.Model.Plays(feed);
        await using var stream = await bench.StartTurnAsync("turn-0001");
        feed.Give(FakeModel.Text("Half an "));
        await NextAsync(stream, "delta");

        await bench.Relay.BeginAsync(outage);
        feed.Give(FakeModel.Text("hour "));
        await bench.AssertUnavailableAsync(HttpMethod.Get, "api/chat/unknown-turn");
        bench.Relay.End();
        feed.Give(FakeModel.Text("later."));
        feed.End();

        var events = await bench.ToEndAsync(stream);
        Assert.DoesNotContain(events, each => each.Name == "message_reset");
        Assert.Equal("complete", events[^1].Name);
        await using var stored = await TurnStream.FollowAsync(bench.Http, "turn-0001", after: 0);
        Assert.Equal("Half an hour later.", SseEvent.LastAnswer(await bench.ToEndAsync(stored)));
        Assert.Single(bench.Model.Requests);
    });

    [Fact]
    public Task Tool_that_runs_through_a_short_outage_keeps_its_result() => EachAsync(async outage =>
    {
        await using var bench = await OutageBench.StartAsync(azurite);
        bench.Model.Calls(("a", GatedTools.Steps, "{}")).Says("Done.");
        await using var stream = await bench.StartTurnAsync("turn-0001", GatedTools.Steps);
        await bench.Tools.Started.WaitAsync();

        await bench.Relay.BeginAsync(outage);
        bench.Tools.Go.Set();
        await bench.AssertUnavailableAsync(HttpMethod.Get, "api/chat/unknown-turn");
        bench.Relay.End();

        var events = await bench.ToEndAsync(stream);
        Assert.Equal("one,two,three", events.Single(each => each.Name == "tool_call_result").Text("content"));
        Assert.Equal("complete", events[^1].Name);
        Assert.Equal(["one", "two", "three"], bench.Tools.StepsDone);
    });

    [Fact]
    public Task Turn_can_be_stopped_when_the_store_is_back() => EachAsync(async outage =>
    {
        var feed = new ModelFeed();
        await using var bench = await OutageBench.StartAsync(azurite);
        bench.Model.Plays(feed);
        await using var stream = await bench.StartTurnAsync("turn-0001");
        feed.Give(FakeModel.Text("Half an "));
        await NextAsync(stream, "delta");
        await bench.Relay.BeginAsync(outage);
        await bench.AssertUnavailableAsync(HttpMethod.Get, "api/chat/unknown-turn");
        bench.Relay.End();

        using var stopped = await bench.SendAsync(HttpMethod.Delete, "api/chat/turn-0001");

        Assert.Equal(HttpStatusCode.NoContent, stopped.StatusCode);
        Assert.Equal("CANCELLED", (await bench.ToEndAsync(stream))[^1].Text("code"));
    });

    [Fact]
    public Task Server_stops_without_an_error_while_the_store_is_away() => EachAsync(async outage =>
    {
        var feed = new ModelFeed();
        await using var bench = await OutageBench.StartAsync(azurite, ("FuncChat:Turns:ShutdownGrace", "00:00:01"));
        bench.Model.Plays(feed);
        await using var stream = await bench.StartTurnAsync("turn-0001");
        feed.Give(FakeModel.Text("Half an "));
        await NextAsync(stream, "delta");
        await bench.Relay.BeginAsync(outage);
        feed.Give(FakeModel.Text("hour"));

        Assert.Null(await Record.ExceptionAsync(() => bench.Server.StopAsync()));

        Assert.DoesNotContain(await bench.ToEndAsync(stream), each => each.Name is "complete" or "error");
    });

    [Fact]
    public Task Turn_leaves_nothing_behind_when_an_outage_lasts_too_long_and_continues_when_it_is_followed() => EachAsync(async outage =>
    {
        var feed = new ModelFeed();
        await using var bench = await OutageBench.StartAsync(azurite, ("FuncChat:Turns:MaxPerUser", "1"));
        bench.Model.Plays(feed).Says("A whole answer.");
        await using var stream = await bench.StartTurnAsync("turn-0001");
        feed.Give(FakeModel.Text("Half an "));
        await NextAsync(stream, "delta");

        await bench.Relay.BeginAsync(outage);
        feed.Give(FakeModel.Text("hour"));
        await bench.AssertUnavailableAsync(HttpMethod.Get, "api/chat/unknown-turn");
        bench.Time.Skip(TimeSpan.FromMinutes(10));

        // No keep-alives for a turn that no process runs: the stream ends, without a last event.
        Assert.DoesNotContain(await bench.ToEndAsync(stream), each => each.Name is "complete" or "error");
        await bench.QuietAsync();
        bench.Relay.End();
        await bench.EndLeasesAsync();

        await using var followed = await FollowAsync(bench, "turn-0001");
        var events = await bench.ToEndAsync(followed);
        Assert.Equal("complete", events[^1].Name);
        Assert.Equal("A whole answer.", SseEvent.LastAnswer(events));
        await bench.QuietAsync();
        Assert.Equal("complete", (await bench.RunTurnAsync("turn-0002", "The place is free."))[^1].Name);
    });

    // As a client does: a request that has just met the outage is 503.
    private static async Task<TurnStream> FollowAsync(OutageBench bench, string turnId)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TurnStream.FollowAsync(bench.Http, turnId, after: 0);
            }
            catch (Xunit.Sdk.FailException e) when (attempt < 5 && e.Message.StartsWith("503", StringComparison.Ordinal))
            {
                // The next attempt.
            }
        }
    }

    // All kinds at a time: each waits for its own outage most of the time.
    private static Task EachAsync(Func<Outage, Task> test) => Task.WhenAll(Enum.GetValues<Outage>().Select(async outage =>
    {
        try
        {
            await test(outage);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{outage}: {e.Message}", e);
        }
    }));

    private static async Task<SseEvent> NextAsync(TurnStream stream, string name)
    {
        while (await stream.NextAsync() is { } next)
        {
            if (next.Name == name)
                return next;
        }

        throw new InvalidOperationException($"The stream ended without an event '{name}'.");
    }
}
