using System.Threading.Channels;
using FuncChat.Engine.Store;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Store;

public sealed class ExpiryServiceTests
{
    [Theory]
    [InlineData(30 * 24 * 3600, 60, 3600)]
    [InlineData(3600, 60, 900)]
    [InlineData(20, 5, 5)]
    public async Task Expired_is_removed_soon_after_the_start_and_then_at_every_interval(int retention, int first, int interval)
    {
        var clock = new WatchedClock();
        using var upkeep = new Upkeep(TimeSpan.FromSeconds(retention), clock);
        await upkeep.StartAsync(CancellationToken.None);

        Assert.Equal(TimeSpan.FromSeconds(first), await clock.PassWaitAsync(TimeSpan.MaxValue));
        var removed = await upkeep.Removals.ReadAsync();
        clock.Advance(TimeSpan.FromSeconds(interval));

        Assert.Equal(TimeSpan.FromSeconds(interval), await upkeep.Removals.ReadAsync() - removed);
        await upkeep.StopAsync(CancellationToken.None);
    }

    private sealed class Upkeep(TimeSpan retention, TimeProvider time) : ExpiryService(retention, time)
    {
        private readonly Channel<DateTimeOffset> _removals = Channel.CreateUnbounded<DateTimeOffset>();
        private readonly TimeProvider _time = time;

        public ChannelReader<DateTimeOffset> Removals => _removals.Reader;

        internal override async Task RemoveExpiredAsync(CancellationToken cancellationToken) => await _removals.Writer.WriteAsync(_time.GetUtcNow(), cancellationToken);

        protected override void LogFailed(Exception exception) => _removals.Writer.Complete(exception);
    }
}
