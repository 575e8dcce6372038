using System.Runtime.Versioning;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Engine.Store;

public sealed class FileTurnStoreTests : TurnStoreContract<FileTurnStore>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Torn_tail_is_dropped_wherever_a_crash_cut_the_last_write()
    {
        var whole = Bytes(Header + First + Second);
        var (header, first) = (Bytes(Header).Length, Bytes(Header + First).Length);
        await (await CreateAsync(Open())).DisposeAsync();
        for (var length = header; length <= whole.Length; length++)
        {
            await File.WriteAllBytesAsync(Log(), whole[..length]);

            await using var writer = await Open().TryAcquireAsync(Key, None);

            Assert.Equal(length == whole.Length ? 2 : length >= first ? 1 : 0, writer!.LastEventId);
            Assert.Equal(length == whole.Length ? length : length >= first ? first : header, new FileInfo(Log()).Length);
        }
    }

    [Fact]
    public async Task Torn_tail_is_dropped_when_it_is_longer_than_what_is_read_at_once()
    {
        await (await CreateAsync(Open())).DisposeAsync();
        await File.AppendAllTextAsync(Log(), First + "id: 2\nevent: delta\ndata: " + new string('x', 1_000_000));

        await using var next = await Open().TryAcquireAsync(Key, None);

        Assert.Equal(1, next!.LastEventId);
        Assert.Equal(Bytes(Header + First).Length, new FileInfo(Log()).Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Turn_whose_header_a_crash_cut_can_be_created_again(int length)
    {
        await (await CreateAsync(Open())).DisposeAsync();
        await File.WriteAllBytesAsync(Log(), Bytes(Header)[..length]);
        Assert.Null(await Open().OpenAsync(Key, None));
        Assert.Null(await Open().TryAcquireAsync(Key, None));

        await using var writer = await CreateAsync(Open());

        Assert.Equal(Header, await ReadAsync(Open()));
    }

    [Fact]
    public async Task Stop_that_an_earlier_version_stored_is_received_once()
    {
        await using var writer = await CreateAsync(Open());
        var inbox = Open().Open(Key);
        Assert.Empty(await inbox.ReadAsync(None));

        await File.WriteAllBytesAsync(Path.ChangeExtension(Log(), ".stop"), []);

        Assert.Equal(TurnSignal.Stop, Assert.Single(await inbox.ReadAsync(None)).Type);
        Assert.Empty(await inbox.ReadAsync(None));
        Assert.Equal(TurnSignal.Stop, Assert.Single(await Open().Open(Key).ReadAsync(None)).Type);
    }

    [Fact]
    public async Task Signals_are_read_after_a_request_that_is_sending_one()
    {
        var clock = new WatchedClock();
        var store = new FileTurnStore(_folder.Path, clock);
        await using var writer = await CreateAsync(store);
        await store.SendAsync(Key, new TurnSignal(TurnSignal.Stop), None);
        var sending = new FileStream(store.PathsOf(Key).Signals, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        var reading = store.Open(Key).ReadAsync(None).AsTask();
        await clock.PassWaitAsync(TimeSpan.FromSeconds(1));
        await sending.DisposeAsync();
        while (await Task.WhenAny(reading, clock.PassWaitAsync(TimeSpan.FromSeconds(1))) != reading)
        {
        }

        Assert.Equal(TurnSignal.Stop, Assert.Single(await reading).Type);
    }

    [Fact]
    public async Task Write_that_fails_surfaces_as_a_failed_store()
    {
        var store = Open();
        var storage = new TurnStorage(store, store, store, store, new RequestMemory(Options.Create(new TurnOptions())), TimeProvider.System);
        var writer = await storage.CreateAsync(Key, Bytes(Header), None);
        await writer!.DisposeAsync();

        await Assert.ThrowsAsync<TurnStoreException>(async () => await AppendAsync(writer, First));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Other_accounts_of_the_machine_cannot_read_turns()
    {
        var store = Open();
        await using var writer = await CreateAsync(store);
        await store.SendAsync(Key, new TurnSignal(TurnSignal.Stop), None);
        await store.MarkFollowedAsync(Key, None);

        var root = Path.Combine(_folder.Path, "turns");
        const UnixFileMode Others = (UnixFileMode)0b111_111;
        Assert.All(
            Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories).Append(root),
            path => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & Others));
    }

    [Fact]
    public async Task Folder_in_the_place_of_a_lease_or_of_signals_is_replaced()
    {
        await (await CreateAsync(Open())).DisposeAsync();
        var paths = Open().PathsOf(Key);
        File.Delete(paths.Lease);
        Directory.CreateDirectory(Path.Combine(paths.Lease, "inner"));
        Directory.CreateDirectory(paths.Signals);
        Directory.CreateDirectory(paths.Followed);

        await Open().SendAsync(Key, new TurnSignal(TurnSignal.Stop), None);
        await Open().MarkFollowedAsync(Key, None);

        await using var writer = await Open().TryAcquireAsync(Key, None);
        Assert.NotNull(writer);
        Assert.Null(await Open().TryAcquireAsync(Key, None));
        Assert.Single(await Open().Open(Key).ReadAsync(None));
    }

    [LinuxTheory]
    [InlineData(".lease")]
    [InlineData(".signals")]
    public async Task Link_to_itself_in_the_place_of_a_file_of_a_turn_is_replaced(string extension)
    {
        await (await CreateAsync(Open())).DisposeAsync();
        var path = Path.ChangeExtension(Open().PathsOf(Key).Log, extension);
        File.Delete(path);
        File.CreateSymbolicLink(path, path);

        await Open().SendAsync(Key, new TurnSignal(TurnSignal.Stop), None);

        await using var writer = await Open().TryAcquireAsync(Key, None);
        Assert.NotNull(writer);
    }

    [LinuxFact]
    public async Task Link_to_itself_in_the_place_of_a_log_is_damage_and_can_be_removed()
    {
        await (await CreateAsync(Open())).DisposeAsync();
        var path = Open().PathsOf(Key).Log;
        File.Delete(path);
        File.CreateSymbolicLink(path, path);

        Assert.Equal(TurnStoreFailure.Damaged, (await Assert.ThrowsAsync<TurnStoreException>(() => Open().OpenAsync(Key, None))).Reason);
        Assert.True(await Open().RemoveAsync(Key, None));
        Assert.Null(await Open().OpenAsync(Key, None));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Open().Root));
    }

    [LinuxFact]
    public async Task Lease_that_cannot_be_opened_is_a_failure_and_not_another_writer()
    {
        await (await CreateAsync(Open())).DisposeAsync();
        var lease = Open().PathsOf(Key).Lease;
        File.Delete(lease);
        File.CreateSymbolicLink(lease, Path.Combine(_folder.Path, "missing", "lease"));

        await Assert.ThrowsAnyAsync<Exception>(() => Open().TryAcquireAsync(Key, None));
    }

    [Fact]
    public async Task Write_runs_on_a_thread_for_the_disk_while_another_one_is_stuck_on_its_callers_thread()
    {
        await using var writer = await CreateAsync(Open());
        using var stuck = new StuckAccess();

        await AppendAsync(writer, First);

        Assert.Equal(Header + First, await ReadAsync(Open()));
    }

    [Theory]
    [InlineData(TaskCreationOptions.None)]
    [InlineData(TaskCreationOptions.LongRunning)]
    public async Task Stuck_thread_of_one_kind_does_not_hold_up_the_other(TaskCreationOptions stuck)
    {
        using var end = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        var holding = StartAsync(stuck, () =>
        {
            Enter();
            entered.Set();
            end.Wait();
            InlineAccess.Exit();
        });
        entered.Wait();

        await StartAsync(stuck ^ TaskCreationOptions.LongRunning, () =>
        {
            Enter();
            InlineAccess.Exit();
        });

        end.Set();
        await holding;

        static Task StartAsync(TaskCreationOptions kind, Action work) => Task.Factory.StartNew(work, CancellationToken.None, kind, TaskScheduler.Default);

        // Another test may have found the disk slow.
        static void Enter()
        {
            while (!InlineAccess.TryEnter())
                Thread.Yield();
        }
    }

    [Fact]
    public void Access_runs_inline_again_once_the_stuck_one_has_ended()
    {
        using (new StuckAccess())
            Assert.False(InlineAccess.TryEnter());

        // It may have been stuck for a while, for as long as which none runs inline.
        while (!InlineAccess.TryEnter())
            Thread.Yield();
        InlineAccess.Exit();
    }

    [Fact]
    public async Task Check_fails_when_nothing_can_be_written()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "turns"), "not a folder");

        await Assert.ThrowsAnyAsync<IOException>(() => Open().CheckAsync(None));
    }

    public void Dispose() => _folder.Dispose();

    protected override FileTurnStore Open() => new(_folder.Path);

    private string Log() => Assert.Single(Directory.EnumerateFiles(_folder.Path, "*.log", SearchOption.AllDirectories));

    // Holds the places for accesses on their callers' threads: that of the pool's, and that of all others.
    private sealed class StuckAccess : IDisposable
    {
        private readonly CountdownEvent _entered = new(2);
        private readonly ManualResetEventSlim _end = new();
        private readonly Task[] _stuck;

        public StuckAccess()
        {
            _stuck = [Task.Run(Hold), Task.Factory.StartNew(Hold, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)];
            _entered.Wait();
        }

        public void Dispose()
        {
            _end.Set();
            Task.WaitAll(_stuck);
            _entered.Dispose();
            _end.Dispose();
        }

        private void Hold()
        {
            while (!InlineAccess.TryEnter())
                Thread.Yield();
            _entered.Signal();
            _end.Wait();
            InlineAccess.Exit();
        }
    }
}
