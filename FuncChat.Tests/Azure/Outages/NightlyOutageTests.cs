using FuncChat.Tests.Support;

namespace FuncChat.Tests.Azure.Outages;

/// <summary>Outages in real time, from 5 seconds to 150, while a turn writes text, another waits for its model, and a third one runs a tool.</summary>
[Collection(OutageTests.Name)]
public sealed class NightlyOutageTests(AzuriteServer azurite)
{
    // What a lease and the retries of a client may add.
    private static readonly TimeSpan Recovery = TimeSpan.FromMinutes(1);

    public static TheoryData<Outage, int> Outages
    {
        get
        {
            var data = new TheoryData<Outage, int>();
            foreach (var outage in Enum.GetValues<Outage>())
            {
                foreach (var seconds in (int[])[5, 20, 60, 150])
                    data.Add(outage, seconds);
            }

            return data;
        }
    }

    [NightlyTheory]
    [MemberData(nameof(Outages))]
    public async Task Every_turn_ends_and_nothing_is_left_behind(Outage outage, int seconds)
    {
        await using var bench = await OutageBench.StartAsync(azurite, ("FuncChat:Turns:MaxPerUser", "3"));
        var (text, quiet) = (new ModelFeed(), new ModelFeed());
        bench.Model.Plays(text).Plays(quiet).Calls(("a", GatedTools.Steps, "{}")).Otherwise(_ => [FakeModel.Text("Done."), FakeModel.Finish()]);
        await using var writes = await bench.StartTurnAsync("turn-text");
        await text.Called.WaitAsync();
        await using var waits = await bench.StartTurnAsync("turn-quiet");
        await quiet.Called.WaitAsync();
        await using var runs = await bench.StartTurnAsync("turn-tool", GatedTools.Steps);
        await bench.Tools.Started.WaitAsync();

        await bench.Relay.BeginAsync(outage);
        using (var timer = new PeriodicTimer(TimeSpan.FromSeconds(1)))
        {
            for (var second = 0; second < seconds && await timer.WaitForNextTickAsync(); second++)
                text.Give(FakeModel.Text($"{second} "));
        }

        bench.Relay.End();
        text.End();
        quiet.Give(FakeModel.Text("At last."));
        quiet.End();
        bench.Tools.Go.Set();

        foreach (var turn in (string[])["turn-text", "turn-quiet", "turn-tool"])
            Assert.Equal("complete", await EndOfAsync(bench, turn).WaitAsync(Recovery));
        await bench.QuietAsync();
        Assert.Equal(["one", "two", "three"], bench.Tools.StepsDone);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(async place =>
        {
            await using var next = await bench.StartTurnAsync($"turn-next-{place}");
            Assert.Equal("complete", (await next.ToEndAsync())[^1].Name);
        }));
    }

    // As a client does it: a stream that ends without a last event is followed again.
    private static async Task<string> EndOfAsync(OutageBench bench, string turnId)
    {
        while (true)
        {
            await using var stream = await TurnStream.FollowAsync(bench.Http, turnId, after: 0);
            if ((await stream.ToEndAsync())[^1].Name is var end and ("complete" or "error"))
                return end;
        }
    }
}
