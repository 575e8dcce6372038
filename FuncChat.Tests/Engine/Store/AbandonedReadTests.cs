using System.Buffers;
using System.Text;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Engine.Store;

/// <summary>Reads that a disk holds up for longer than anyone waits for them.</summary>
public sealed class AbandonedReadTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly HeldLog _log = new();
    private readonly TurnStorage _storage;

    public AbandonedReadTests()
    {
        var store = new MemoryTurnStore(new SharedMemory());
        _storage = new TurnStorage(new HeldStore(_log), store, store, store, new RequestMemory(Options.Create(new TurnOptions())), _time);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Buffer_of_a_read_is_not_rented_again_before_the_read_has_ended(bool clientLeaves)
    {
        using var client = new CancellationTokenSource();
        var reader = (await _storage.OpenAsync(TurnBench.Key("turn-0001"), CancellationToken.None))!;
        var read = reader.ReadAsync(0, client.Token).AsTask();
        await _log.Began.WaitAsync();
        if (clientLeaves)
            await client.CancelAsync();
        else
            _time.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAnyAsync<Exception>(() => read);

        var rented = DisposeAndRent(reader);
        _log.Release.SetResult();
        await _log.Ended.WaitAsync();
        await _log.Disposed.WaitAsync();

        Assert.Equal(-1, rented.AsSpan().IndexOfAnyExcept((byte)'-'));
    }

    [Fact]
    public async Task Turn_is_not_read_again_while_an_earlier_read_writes_into_its_buffer()
    {
        await using var reader = (await _storage.OpenAsync(TurnBench.Key("turn-0001"), CancellationToken.None))!;
        var read = reader.ReadAsync(0, CancellationToken.None).AsTask();
        await _log.Began.WaitAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<TurnStoreException>(() => read);

        var again = await Assert.ThrowsAsync<TurnStoreException>(async () => await reader.ReadAsync(0, CancellationToken.None));

        Assert.Equal(TurnStoreFailure.Unavailable, again.Reason);
        Assert.Equal(1, _log.Reads);
        _log.Release.SetResult();
    }

    // On one thread, which gets back what it has returned to the pool last.
    private byte[] DisposeAndRent(ITurnReader reader)
    {
        var disposal = reader.DisposeAsync();
        var rented = ArrayPool<byte>.Shared.Rent(_log.BufferLength);
        Assert.True(disposal.IsCompletedSuccessfully);
        rented.AsSpan().Fill((byte)'-');
        return rented;
    }

    private sealed class HeldStore(HeldLog log) : ITurnStore
    {
        public bool IsWriteBehind => false;

        public Task<ITurnWriter?> CreateAsync(TurnKey key, ReadOnlyMemory<byte> header, CancellationToken cancellationToken) => throw new NotSupportedException();

        public async Task<ITurnReader?> OpenAsync(TurnKey key, CancellationToken cancellationToken) => await log.TryFindHeaderAsync(CancellationToken.None) ? log : null;
    }

    // As a disk: it knows no cancellation.
    private sealed class HeldLog : LogReader
    {
        private readonly byte[] _header = Encoding.UTF8.GetBytes("{}\n\n");

        public ManualSignal Began { get; } = new();

        public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ManualSignal Ended { get; } = new();

        public ManualSignal Disposed { get; } = new();

        public int BufferLength { get; private set; }

        public int Reads { get; private set; }

        protected override long KnownLength => _header.Length;

        public override Task WaitAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            Disposed.Set();
            GC.SuppressFinalize(this);
        }

        protected override async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        {
            if (offset == 0)
            {
                _header.CopyTo(buffer);
                return _header.Length;
            }

            Reads++;
            BufferLength = buffer.Length;
            Began.Set();
            await Release.Task;
            buffer.Span.Fill((byte)'x');
            Ended.Set();
            return 0;
        }
    }
}
