using FuncChat.Engine.Usage;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Azure.Usage;

/// <summary>The limits while their table can't be reached.</summary>
[Collection(AzuriteTests.Name)]
public sealed class TableOutageTests
{
    private const string Warning = "Warning 501";

    private readonly WatchedClock _time = new();
    private readonly SharedTable _shared;
    private readonly SharedTable.Instance _one;

    public TableOutageTests(AzuriteServer azurite)
    {
        _shared = new SharedTable(azurite, _time);
        _one = _shared.Start();
    }

    [Fact]
    public async Task Instance_counts_alone_and_waits_for_nothing_while_the_table_fails()
    {
        await AddAsync(_one, 1);
        _one.Network.IsCut = true;
        _time.Advance(SharedTable.Interval);
        Assert.Equal(2, await AddAsync(_one, 1));
        var requests = _one.Network.Requests;

        for (var time = 0; time < 10; time++)
            await AddAsync(_one, 1);

        Assert.Equal(12, await AddAsync(_one, 0));
        Assert.Equal(requests, _one.Network.Requests);
    }

    [Fact]
    public async Task Each_outage_is_logged_with_one_warning()
    {
        for (var outage = 1; outage <= 2; outage++)
        {
            _one.Network.IsCut = true;
            for (var time = 0; time < 3; time++)
            {
                await AddAsync(_one, 1);
                await _one.WriteAsync();
                _time.Advance(TimeSpan.FromMinutes(1));
            }

            Assert.True(_one.Circuit.IsOut);
            _one.Network.IsCut = false;
            await _one.WriteAsync();

            Assert.False(_one.Circuit.IsOut);
            Assert.Equal(outage, _one.Logs.All.Split(Warning).Length - 1);
            Assert.Equal(outage, _one.Logs.All.Split("answers again").Length - 1);
        }
    }

    [Fact]
    public async Task What_was_counted_during_an_outage_is_shared_after_it()
    {
        _one.Network.IsCut = true;
        await AddAsync(_one, 7);
        await _one.WriteAsync();
        Assert.Equal(0, await AddAsync(_shared.Start(), 0));
        _one.Network.IsCut = false;

        await _one.WriteAsync();

        Assert.Equal(7, await AddAsync(_shared.Start(), 0));
    }

    [Fact]
    public async Task Silent_table_delays_a_request_no_longer_than_the_deadline()
    {
        _one.Network.IsSilent = true;

        var counted = AddAsync(_one, 1);
        Assert.Equal(UsageStoreCircuit.Deadline, await _time.PassWaitAsync(longest: UsageStoreCircuit.Deadline));

        Assert.Equal(1, await counted);
        Assert.Contains(Warning, _one.Logs.All, StringComparison.Ordinal);
    }

    private async Task<long> AddAsync(SharedTable.Instance instance, long amount) =>
        await instance.Counter.AddAsync(UsageWindow.At(_time.GetUtcNow(), "ada", UsageKind.Tokens), amount, CancellationToken.None);
}
