using FuncChat.Azure.Blobs;
using FuncChat.Engine.Store;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Logging;

namespace FuncChat.Tests.Azure;

/// <summary>Turns on blobs whose header is stored with their first events.</summary>
[Collection(AzuriteTests.Name)]
public sealed class BlobTurnStartTests(AzuriteServer azurite) : BlobTurnBench(azurite)
{
    [Fact]
    public async Task Turn_that_is_begun_stores_its_header_with_its_first_events()
    {
        var network = new LossyNetwork();
        await Container.CreateAsync();
        await using var writer = await Open(network).BeginAsync(Key, Bytes(Header), None);

        Assert.Null(await Open().OpenAsync(Key, None));
        Assert.Null(await Open().CreateAsync(Key, Bytes(Header), None));
        Assert.Null(await Open().BeginAsync(Key, Bytes(Header), None));
        Assert.Null(await Open().TryAcquireAsync(Key, None));
        await AppendAsync(writer!, First);
        Assert.Equal(Header + First, await ReadAsync(Open()));
        await AppendAsync(writer!, Second);

        Assert.Equal(Header + First + Second, await ReadAsync(Open()));
        Assert.Equal(["PUT blob", "PUT lease acquire", "PUT appendblock", "PUT appendblock"], network.Log);
    }

    [Fact]
    public async Task Turn_that_is_begun_and_has_no_event_is_stored_when_its_writer_is_disposed()
    {
        await (await Open().BeginAsync(Key, Bytes(Header), None))!.DisposeAsync();

        Assert.Equal(Header, await ReadAsync(Open()));
        await using var next = await Open().TryAcquireAsync(Key, None);
        await AppendAsync(next!, First);
        Assert.Equal(Header + First, await ReadAsync(Open()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Turn_that_is_begun_and_can_not_be_stored_is_logged_when_its_writer_is_disposed(bool isTaken)
    {
        var (network, logs) = (new LossyNetwork(), new LogLines());
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(logs));
        var writer = await new BlobTurnStore(ContainerOver(network), TimeProvider.System, factory.CreateLogger<BlobTurnStore>()).BeginAsync(Key, Bytes(Header), None);
        if (isTaken)
        {
            await BreakLeaseAsync();
            await using var next = await Open().BeginAsync(Key, Bytes(Header), None);
            await AppendAsync(next!, First);
        }

        network.Down = !isTaken;
        await writer!.DisposeAsync();

        Assert.Contains("Warning 135:", logs.All, StringComparison.Ordinal);
        Assert.DoesNotContain("134:", logs.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task First_append_counts_once_when_its_answer_is_lost_and_it_is_sent_again()
    {
        var lossy = new LossyNetwork();
        await using var writer = await Open(lossy).BeginAsync(Key, Bytes(Header), None);
        lossy.LoseNextAnswer();

        await AppendAsync(writer!, First);
        await AppendAsync(writer!, Second);

        Assert.Equal(1, lossy.Lost);
        Assert.Equal(Header + First + Second, await ReadAsync(Open()));
    }

    [Fact]
    public async Task First_append_is_refused_when_another_writer_has_created_the_turn_meanwhile()
    {
        await using var stale = await Open().BeginAsync(Key, Bytes(Header), None);
        await BreakLeaseAsync();
        var other = First.Replace("content", "contenu", StringComparison.Ordinal);
        await using (var next = await Open().BeginAsync(Key, Bytes(Header), None))
            await AppendAsync(next!, other);

        var lost = await Assert.ThrowsAsync<TurnStoreException>(async () => await AppendAsync(stale!, First));

        Assert.Equal(TurnStoreFailure.LeaseLost, lost.Reason);
        Assert.Equal(Header + other, await ReadAsync(Open()));
    }

    [Fact]
    public async Task Turn_whose_creation_got_no_further_than_its_blob_can_be_created_again()
    {
        await (await CreateAsync(Open())).DisposeAsync();
        await (await BlobAsync()).CreateAsync();

        await using var writer = await CreateAsync(Open());

        Assert.Equal(Header, await ReadAsync(Open()));
    }
}
