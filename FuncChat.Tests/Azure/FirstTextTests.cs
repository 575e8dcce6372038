using FuncChat.Azure.Blobs;
using FuncChat.Engine;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Azure;

/// <summary>The requests to blob storage that the first text of a turn waits for.</summary>
[Collection(AzuriteTests.Name)]
public sealed class FirstTextTests(AzuriteServer azurite)
{
    [Fact]
    public async Task Model_is_called_after_two_requests_and_its_first_text_shown_after_three()
    {
        var network = new LossyNetwork();
        using var bench = await BenchAsync(network);
        var feed = new ModelFeed();
        bench.Model.Plays(feed);
        var way = new TaskCompletionSource();
        network.WayOfAppends = way.Task;
        var starting = bench.StartAsync();

        await feed.Called.WaitAsync();
        var asked = network.Log.ToArray();
        Assert.False(starting.IsCompleted);
        way.SetResult();
        await using var reader = await starting;
        feed.Give(FakeModel.Text("Half"));
        await reader.UntilAsync("Half");

        Assert.Equal(["PUT blob", "PUT lease acquire", "PUT appendblock"], asked);
        Assert.Equal(asked, network.Log);
        feed.End();
        Assert.Equal("complete", (await reader.EventsToEndAsync())[^1].Name);
    }

    [Fact]
    public async Task Turn_whose_beginning_can_not_be_stored_fails_and_can_be_started_again()
    {
        var network = new LossyNetwork();
        using var bench = await BenchAsync(network);
        var feed = new ModelFeed();
        bench.Model.Plays(feed);
        network.WayOfAppends = new TaskCompletionSource().Task;
        var starting = bench.Turns.StartAsync(TurnBench.User, "turn-0001", TurnBench.Request(), CancellationToken.None);
        await feed.Called.WaitAsync();

        await bench.AdvanceUntilAsync(starting);

        Assert.Equal(ErrorCode.Unavailable, (await starting).Error!.Code);
        Assert.True(feed.GivenUp.IsSet);
        Assert.Empty(bench.Runtime.Live.All);
        Assert.Equal(ErrorCode.NotFound, (await bench.Turns.FollowAsync(TurnBench.Key("turn-0001"), 0, CancellationToken.None)).Error!.Code);
        network.WayOfAppends = Task.CompletedTask;
        bench.Model.Says("Whole");
        await using var reader = await bench.StartAsync();
        Assert.Equal("complete", (await reader.EventsToEndAsync())[^1].Name);
    }

    [Fact]
    public async Task Turn_exists_for_other_instances_before_its_first_event()
    {
        var network = new LossyNetwork();
        using var bench = await BenchAsync(network);
        bench.Model.Plays(new ModelFeed());

        await using var reader = await bench.StartAsync();

        Assert.NotNull(await bench.Log.OpenAsync(TurnBench.Key("turn-0001"), CancellationToken.None));
    }

    private async Task<TurnBench> BenchAsync(LossyNetwork network)
    {
        var container = AzuriteServer.NewContainer();
        await azurite.Container(container).CreateAsync();
        return new TurnBench(log: new BlobTurnStore(azurite.Container(container, network.Options()), TimeProvider.System, NullLogger<BlobTurnStore>.Instance));
    }
}
