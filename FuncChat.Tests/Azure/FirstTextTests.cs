using FuncChat.Azure.Blobs;
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
        await using var reader = await bench.StartAsync();

        await feed.Called.WaitAsync();
        feed.Give(FakeModel.Text("Half"));
        var (asked, shown) = (network.Log.ToArray(), reader.UntilAsync("Half"));
        Assert.False(shown.IsCompleted);
        way.SetResult();
        await shown;

        Assert.Equal(["PUT blob", "PUT lease acquire", "PUT appendblock"], asked);
        Assert.Equal(asked, network.Log);
        feed.End();
        Assert.Equal("complete", (await reader.EventsToEndAsync())[^1].Name);
    }

    private async Task<TurnBench> BenchAsync(LossyNetwork network)
    {
        var container = AzuriteServer.NewContainer();
        await azurite.Container(container).CreateAsync();
        return new TurnBench(log: new BlobTurnStore(azurite.Container(container, network.Options()), TimeProvider.System, NullLogger<BlobTurnStore>.Instance));
    }
}
