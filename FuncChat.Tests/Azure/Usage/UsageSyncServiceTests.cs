using FuncChat.Engine.Usage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Azure.Usage;

[Collection(AzuriteTests.Name)]
public sealed class UsageSyncServiceTests(AzuriteServer azurite)
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task What_was_counted_is_written_at_the_interval_and_once_more_at_the_end()
    {
        var shared = new SharedTable(azurite, _time);
        var one = shared.Start();
        var options = SharedTable.Sync;
        using var sharing = new UsageSyncService(one.Counter, one.Store, options, _time, NullLogger<UsageSyncService>.Instance);
        await sharing.StartAsync(CancellationToken.None);
        await one.Network.Asked.WaitAsync();

        await AddAsync(one, 5);
        _time.Advance(SharedTable.Interval);
        await one.Network.Written.WaitAsync();
        Assert.Equal(5, await AddAsync(shared.Start(), 0));

        await AddAsync(one, 2);
        await sharing.StopAsync(CancellationToken.None);
        await sharing.StoppedAsync(CancellationToken.None);
        Assert.Equal(7, await AddAsync(shared.Start(), 0));
    }

    private async Task<long> AddAsync(SharedTable.Instance instance, long amount) =>
        await instance.Counter.AddAsync(UsageWindow.At(_time.GetUtcNow(), "ada", UsageKind.Tokens), amount, CancellationToken.None);
}
