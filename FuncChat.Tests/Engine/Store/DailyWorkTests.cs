using FuncChat.Engine.Store;

namespace FuncChat.Tests.Engine.Store;

public sealed class DailyWorkTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DailyWork _work = new();
    private int _done;

    [Fact]
    public async Task Work_is_done_once_a_day_even_if_its_service_is_a_minute_early()
    {
        await RunAsync(Start);
        await RunAsync(Start.AddHours(23));
        Assert.Equal(1, _done);

        await RunAsync(Start.AddDays(1).AddMinutes(-1));

        Assert.Equal(2, _done);
    }

    [Fact]
    public async Task Work_that_fails_is_done_again_an_hour_later_even_if_its_service_is_a_minute_early()
    {
        await Assert.ThrowsAsync<IOException>(() => _work.RunAsync(Start, FailAsync, CancellationToken.None));
        await RunAsync(Start.AddMinutes(30));
        Assert.Equal(0, _done);
        await Assert.ThrowsAsync<IOException>(() => _work.RunAsync(Start.AddMinutes(59), FailAsync, CancellationToken.None));
        await RunAsync(Start.AddMinutes(89));
        Assert.Equal(0, _done);

        await RunAsync(Start.AddMinutes(118));

        Assert.Equal(1, _done);
    }

    [Fact]
    public async Task Clock_that_was_set_back_does_not_put_the_work_off()
    {
        await RunAsync(Start);

        await RunAsync(Start.AddDays(-30));

        Assert.Equal(2, _done);
    }

    [Fact]
    public async Task Work_that_another_process_has_done_is_due_a_day_after_that()
    {
        var shared = new Shared();
        await new DailyWork("work", shared).RunAsync(Start, DoAsync, CancellationToken.None);
        var other = new DailyWork("work", shared);
        shared.Age = TimeSpan.FromHours(20);
        await other.RunAsync(Start.AddHours(20), DoAsync, CancellationToken.None);
        Assert.Equal(1, _done);

        shared.Age = TimeSpan.FromHours(24);
        await other.RunAsync(Start.AddHours(24), DoAsync, CancellationToken.None);

        Assert.Equal(2, _done);
    }

    [Fact]
    public async Task Work_that_failed_in_another_process_is_due()
    {
        var shared = new Shared();
        await Assert.ThrowsAsync<IOException>(() => new DailyWork("work", shared).RunAsync(Start, FailAsync, CancellationToken.None));

        await new DailyWork("work", shared).RunAsync(Start, DoAsync, CancellationToken.None);

        Assert.Equal(1, _done);
    }

    private static async Task FailAsync()
    {
        await Task.Yield();
        throw new IOException("The disk is away.");
    }

    private Task RunAsync(DateTimeOffset now) => _work.RunAsync(now, DoAsync, CancellationToken.None);

    private Task DoAsync()
    {
        _done++;
        return Task.CompletedTask;
    }

    private sealed class Shared : IDoneWork
    {
        public TimeSpan? Age { get; set; }

        public Task<TimeSpan?> FindAgeAsync(string work, CancellationToken cancellationToken) => Task.FromResult(Age);

        public Task RecordAsync(string work, CancellationToken cancellationToken)
        {
            Age = TimeSpan.Zero;
            return Task.CompletedTask;
        }
    }
}
