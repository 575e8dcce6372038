using FuncChat.Engine;
using FuncChat.Engine.Threads;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Engine.Threads;

public sealed class ThreadLimitsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly IndexOnly _store = new();

    [Fact]
    public async Task New_threads_read_the_index_once_a_minute()
    {
        var limits = Limits(maxThreads: 100);

        for (var thread = 0; thread < 50; thread++)
            Assert.Null(await AddThreadAsync(limits));
        Assert.Equal(1, _store.Reads);

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await AddThreadAsync(limits));
        Assert.Equal(2, _store.Reads);
    }

    [Fact]
    public async Task New_thread_is_refused_when_the_count_since_the_last_reading_reaches_the_limit()
    {
        var limits = Limits(maxThreads: 2);

        Assert.Null(await AddThreadAsync(limits));
        Assert.Null(await AddThreadAsync(limits));

        Assert.Equal(ThreadErrors.TooManyThreads(2).Message, (await AddThreadAsync(limits))?.Message);
    }

    [Fact]
    public async Task New_thread_is_allowed_at_once_when_another_instance_has_deleted_one()
    {
        var limits = Limits(maxThreads: 1);
        Assert.Null(await AddThreadAsync(limits));

        _store.Threads = 0;

        Assert.Null(await AddThreadAsync(limits));
    }

    private ThreadLimits Limits(int maxThreads) => new(new ThreadStorage(_store, _time), Options.Create(new ThreadOptions { MaxPerUser = maxThreads }), _time);

    private async Task<AppError?> AddThreadAsync(ThreadLimits limits)
    {
        var error = await limits.FindErrorAsync("ada", null, CancellationToken.None);
        if (error is null)
            _store.Threads++;
        return error;
    }

    private sealed class IndexOnly : IThreadStore
    {
        public int Threads { get; set; }

        public int Reads { get; private set; }

        public async Task<IReadOnlyList<ThreadSummary>> ListAsync(string user, CancellationToken cancellationToken)
        {
            await Task.Yield();
            Reads++;
            return [.. Enumerable.Range(0, Threads).Select(number => new ThreadSummary($"{number}", "", default, default))];
        }

        public Task<StoredThread?> ReadAsync(ThreadKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<StoredThread?> ReadDamagedAsync(ThreadKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<string?> WriteAsync(ThreadDocument thread, string? ifMatch, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<ThreadDocument> ListExpiredAsync(DateTimeOffset unchangedSince, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task WriteTurnAsync(ThreadKey key, string contentId, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<byte[]?> ReadTurnAsync(ThreadKey key, string contentId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task RemoveTurnAsync(ThreadKey key, string contentId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task WriteShareAsync(string shareId, ThreadKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ThreadKey?> ReadShareAsync(string shareId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<string> ListSharesAsync(DateTimeOffset writtenBefore, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task RemoveShareAsync(string shareId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task RemoveAsync(ThreadKey key, string ifMatch, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
