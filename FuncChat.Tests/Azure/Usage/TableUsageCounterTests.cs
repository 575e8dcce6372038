using FuncChat.Engine.Usage;
using FuncChat.Tests.Engine.Usage;

namespace FuncChat.Tests.Azure.Usage;

[Collection(AzuriteTests.Name)]
public sealed class TableUsageCounterTests : UsageCounterContract
{
    private readonly SharedTable _shared;
    private readonly SharedTable.Instance _one;
    private readonly SharedTable.Instance _two;

    public TableUsageCounterTests(AzuriteServer azurite)
    {
        _shared = new SharedTable(azurite, Time);
        (_one, _two) = (_shared.Start(), _shared.Start());
    }

    private protected override IUsageCounter Counter => _one.Counter;

    [Fact]
    public async Task Instances_know_of_each_other_what_was_written_an_interval_ago()
    {
        Assert.Equal(5, await AddAsync(UsageKind.Requests, 5));
        Assert.Equal(3, await AddAsync(_two, UsageKind.Requests, 3));
        await _one.WriteAsync();
        await _two.WriteAsync();
        Time.Advance(SharedTable.Interval);

        Assert.Equal(8, await AddAsync(UsageKind.Requests, 0));
        Assert.Equal(10, await AddAsync(_two, UsageKind.Requests, 2));
        Assert.Equal(0, await AddAsync(_two, UsageKind.Tokens, 0));
    }

    [Fact]
    public async Task Instances_read_what_is_limited_by_the_day_as_often_as_it_is_written()
    {
        Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(5, await AddAsync(UsageKind.Tokens, 5));
        Assert.Equal(3, await AddAsync(_two, UsageKind.Tokens, 3));
        await _one.WriteAsync();
        await _two.WriteAsync();
        var before = _one.Network.Requests;
        Time.Advance(SharedTable.Sync.ReportInterval - TimeSpan.FromSeconds(1));
        Assert.Equal(5, await AddAsync(UsageKind.Tokens, 0));
        Assert.Equal(before, _one.Network.Requests);

        Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(8, await AddAsync(UsageKind.Tokens, 0));
        Assert.Equal(10, await AddAsync(_two, UsageKind.Tokens, 2));
    }

    [Fact]
    public async Task Instance_that_starts_later_knows_what_was_counted_before()
    {
        await AddAsync(UsageKind.ToolRuns, 4);
        await _one.WriteAsync();

        Assert.Equal(5, await AddAsync(_shared.Start(), UsageKind.ToolRuns, 1));
    }

    [Fact]
    public async Task Nothing_is_lost_when_instances_count_and_write_at_once()
    {
        await Task.WhenAll(new[] { _one, _two, _shared.Start() }.Select(instance => Task.Run(async () =>
        {
            for (var round = 0; round < 10; round++)
            {
                for (var time = 0; time < 10; time++)
                    await AddAsync(instance, UsageKind.Tokens, 1);
                await instance.WriteAsync();
            }
        })));

        Assert.Equal(300, await AddAsync(_shared.Start(), UsageKind.Tokens, 0));
    }

    [Fact]
    public async Task Write_whose_answer_was_lost_counts_nothing_twice()
    {
        await AddAsync(UsageKind.Tokens, 5);
        _one.Network.LosesAnswers = true;
        await _one.WriteAsync();
        _one.Network.LosesAnswers = false;
        await _one.WriteAsync();

        Assert.Equal(5, await AddAsync(_two, UsageKind.Tokens, 0));
    }

    [Fact]
    public async Task Window_that_has_ended_gives_way_to_the_next_in_the_same_row()
    {
        Time.Advance(TimeSpan.FromHours(1));
        await AddAsync(UsageKind.Requests, 9);
        await _one.WriteAsync();
        Time.Advance(TimeSpan.FromMinutes(1));
        await AddAsync(UsageKind.Requests, 1);
        await _one.WriteAsync();

        Assert.Equal(1, await AddAsync(_two, UsageKind.Requests, 0));
        Assert.Single(await _shared.Client.QueryAsync<global::Azure.Data.Tables.TableEntity>().ToListAsync());
    }

    [Fact]
    public async Task Start_of_a_turn_waits_for_one_request_and_those_of_the_same_interval_for_none()
    {
        for (var turn = 0; turn < 3; turn++)
        {
            await AddAsync(UsageKind.Requests, 1);
            await AddAsync(UsageKind.ToolRuns, 0);
            await AddAsync(UsageKind.Tokens, 0);
        }

        Assert.Equal(1, _one.Network.Requests);
        Time.Advance(SharedTable.Interval);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => AddAsync(UsageKind.Requests, 1).AsTask()));
        Assert.Equal(2, _one.Network.Requests);
    }

    [Fact]
    public async Task Unchanged_count_is_not_written_again()
    {
        await AddAsync(UsageKind.Requests, 1);
        await _one.WriteAsync();
        var requests = _one.Network.Requests;

        await AddAsync(UsageKind.Requests, 0);
        await _one.WriteAsync();

        Assert.Equal(requests, _one.Network.Requests);
    }

    [Fact]
    public async Task Count_that_limits_nothing_sends_no_request_and_is_written_after_a_minute()
    {
        Count("ada", 5, isLimited: false);
        await _one.Counter.WriteDueAsync(CancellationToken.None);
        Assert.Equal(0, _one.Network.Requests);

        Time.Advance(SharedTable.Sync.ReportInterval);
        await _one.Counter.WriteDueAsync(CancellationToken.None);

        Assert.Equal(5, (await _shared.Client.QueryAsync<global::Azure.Data.Tables.TableEntity>().SingleAsync()).GetInt64("Tokens"));
    }

    [Fact]
    public async Task Count_that_limits_requests_is_written_at_the_next_interval_with_the_others_of_its_account()
    {
        Count("ada", 5, isLimited: false);
        Count("ada", 2, isLimited: true);
        Count("grace", 1, isLimited: false);

        await _one.Counter.WriteDueAsync(CancellationToken.None);

        Assert.Equal(7, (await _shared.Client.QueryAsync<global::Azure.Data.Tables.TableEntity>().SingleAsync()).GetInt64("Tokens"));
    }

    [Fact]
    public async Task Count_that_is_due_is_due_until_it_is_written()
    {
        Count("ada", 5, isLimited: true);
        _one.Network.IsCut = true;
        await _one.Counter.WriteDueAsync(CancellationToken.None);
        _one.Network.IsCut = false;

        await _one.Counter.WriteDueAsync(CancellationToken.None);

        Assert.Equal(5, await AddAsync(_two, UsageKind.Tokens, 0));
    }

    [Fact]
    public async Task Users_whose_windows_have_ended_are_forgotten_but_not_before_they_are_written()
    {
        for (var user = 0; user < 20; user++)
            await AddAsync($"user {user}", UsageKind.Requests, 1);
        _one.Network.IsCut = true;
        Time.Advance(TimeSpan.FromMinutes(2));
        await _one.WriteAsync();
        Assert.Equal(20, _one.Counter.Accounts);
        _one.Network.IsCut = false;

        await _one.WriteAsync();

        Assert.Equal(0, _one.Counter.Accounts);
    }

    [Fact]
    public async Task Rows_of_version_0_1_count_and_are_in_no_report()
    {
        var now = Time.GetUtcNow();
        await _shared.Client.CreateIfNotExistsAsync();
        await _shared.Client.AddEntityAsync(new global::Azure.Data.Tables.TableEntity(FuncChat.Engine.Store.UserHash.Of("ada"), "0f3c6e1d2b7a4c5e9f8a7b6c5d4e3f2a")
        {
            ["End"] = new DateTimeOffset(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero),
            ["Tokens"] = 40L,
            ["TokensStart"] = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero),
        });

        Assert.Equal(42, await AddAsync(UsageKind.Tokens, 2));

        var all = await _one.Counter.ReadAllAsync(now.AddDays(-1), now.AddDays(1), CancellationToken.None);
        Assert.Equal(2, all.Single(account => account.Account == "ada").Counts[UsageKind.Tokens]);
    }

    private void Count(string user, long tokens, bool isLimited) => _one.Counter.Count(user, Time.GetUtcNow(), [(UsageKind.Tokens, tokens)], isLimited);

    private ValueTask<long> AddAsync(UsageKind kind, long amount) => AddAsync("ada", kind, amount);

    private ValueTask<long> AddAsync(SharedTable.Instance instance, UsageKind kind, long amount) => AddAsync(instance.Counter, "ada", kind, amount);
}
