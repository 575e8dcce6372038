using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Engine.Threads;

public sealed class ThreadUpkeepTests : IDisposable
{
    private readonly TurnBench _bench = new();

    private ThreadStorage Threads => _bench.Services.GetRequiredService<ThreadStorage>();

    [Fact]
    public async Task Thread_expires_after_its_last_change()
    {
        await WriteAsync("thread-0001", days: 400);
        await WriteAsync("thread-0002", days: 200);

        await ActivatorUtilities.CreateInstance<ThreadUpkeep>(_bench.Services).RemoveExpiredAsync(CancellationToken.None);

        Assert.Equal("thread-0002", Assert.Single(await Threads.ListAsync(TurnBench.User, CancellationToken.None)).Id);
    }

    [Fact]
    public async Task Clock_of_an_instance_that_is_ahead_removes_no_thread_and_no_link()
    {
        var unused = ThreadShare.NewShareId();
        await WriteAsync("thread-0001", days: 200);
        await WriteAsync("thread-0002");
        await Threads.WriteShareAsync(unused, new ThreadKey(TurnBench.User, "thread-0009"), CancellationToken.None);
        await File.WriteAllTextAsync(Directory.EnumerateFiles(_bench.DataPath, "thread.json", SearchOption.AllDirectories).Single(path => path.Contains("thread-0002", StringComparison.Ordinal)), "{");
        _bench.Time.SetUtcNow(Now.AddYears(10));

        await ActivatorUtilities.CreateInstance<ThreadUpkeep>(_bench.Services).RemoveExpiredAsync(CancellationToken.None);

        Assert.Equal(2, Directory.EnumerateFiles(_bench.DataPath, "thread.json", SearchOption.AllDirectories).Count());
        Assert.True(File.Exists(PathOf(unused)));
    }

    [Fact]
    public async Task Link_of_a_thread_expires_with_it()
    {
        var share = new ThreadShare(ThreadShare.NewShareId(), _bench.Time.GetUtcNow(), _bench.Time.GetUtcNow(), "Shared", [new SharedTurn("turn-0001", [])]);
        await WriteAsync("thread-0001", share, days: 400);
        await Threads.WriteShareAsync(share.Id, new ThreadKey(TurnBench.User, "thread-0001"), CancellationToken.None);

        await ActivatorUtilities.CreateInstance<ThreadUpkeep>(_bench.Services).RemoveExpiredAsync(CancellationToken.None);

        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_bench.DataPath, "shares")));
    }

    [Fact]
    public async Task Link_is_removed_if_no_thread_uses_it()
    {
        var share = new ThreadShare(ThreadShare.NewShareId(), _bench.Time.GetUtcNow(), _bench.Time.GetUtcNow(), "Shared", [new SharedTurn("turn-0001", [])]);
        var pending = new TurnDeletion(TurnDeletion.NewId(), _bench.Time.GetUtcNow(), [], ThreadShare.NewShareId());
        await WriteAsync("thread-0001", share, pending);
        await WriteAsync("thread-0002");
        var (other, lost, damaged) = (ThreadShare.NewShareId(), ThreadShare.NewShareId(), ThreadShare.NewShareId());
        await LinkAsync(share.Id, "thread-0001");
        await LinkAsync(pending.ShareId!, "thread-0001");
        await LinkAsync(other, "thread-0002");
        await LinkAsync(lost, "thread-0003");
        await LinkAsync(damaged, "thread-0001");
        await File.WriteAllTextAsync(Path.Combine(_bench.DataPath, "shares", $"{damaged}.json"), "{");
        await UpkeepAsync();
        Assert.Equal(5, Directory.EnumerateFiles(Path.Combine(_bench.DataPath, "shares")).Count());
        PassFiles();

        await UpkeepAsync();

        Assert.Equal(
            new[] { share.Id, pending.ShareId }.Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Path.Combine(_bench.DataPath, "shares")).Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal));

        Task LinkAsync(string id, string thread) => Threads.WriteShareAsync(id, new ThreadKey(TurnBench.User, thread), CancellationToken.None);

        Task UpkeepAsync() => ActivatorUtilities.CreateInstance<ThreadUpkeep>(_bench.Services).RemoveExpiredAsync(CancellationToken.None);
    }

    [LinuxFact]
    public async Task Link_that_can_not_be_read_stays_and_neither_it_nor_a_thread_keeps_others_from_being_removed()
    {
        var (unreadable, unused) = (ThreadShare.NewShareId(), ThreadShare.NewShareId());
        await WriteAsync("thread-0001");
        UnreadableFile.Put(Assert.Single(Directory.EnumerateFiles(_bench.DataPath, "thread.json", SearchOption.AllDirectories)));
        await Threads.WriteShareAsync(unreadable, new ThreadKey(TurnBench.User, "thread-0009"), CancellationToken.None);
        await Threads.WriteShareAsync(unused, new ThreadKey(TurnBench.User, "thread-0009"), CancellationToken.None);
        UnreadableFile.Put(PathOf(unreadable));
        PassFiles();

        await Assert.ThrowsAsync<IOException>(() => ActivatorUtilities.CreateInstance<ThreadUpkeep>(_bench.Services).RemoveExpiredAsync(CancellationToken.None));

        Assert.Equal([PathOf(unreadable)], Directory.EnumerateFiles(Path.Combine(_bench.DataPath, "shares")));
    }

    [Fact]
    public async Task Links_are_read_once_a_day()
    {
        var (first, second) = (ThreadShare.NewShareId(), ThreadShare.NewShareId());
        var upkeep = ActivatorUtilities.CreateInstance<ThreadUpkeep>(_bench.Services);
        await Threads.WriteShareAsync(first, new ThreadKey(TurnBench.User, "thread-0009"), CancellationToken.None);
        PassFiles();
        await upkeep.RemoveExpiredAsync(CancellationToken.None);
        Assert.False(File.Exists(PathOf(first)));
        await Threads.WriteShareAsync(second, new ThreadKey(TurnBench.User, "thread-0009"), CancellationToken.None);
        PassFiles();

        _bench.Time.Advance(TimeSpan.FromHours(23));
        await upkeep.RemoveExpiredAsync(CancellationToken.None);
        Assert.True(File.Exists(PathOf(second)));

        _bench.Time.Advance(TimeSpan.FromHours(1));
        await upkeep.RemoveExpiredAsync(CancellationToken.None);
        Assert.False(File.Exists(PathOf(second)));
    }

    [LinuxFact]
    public async Task Links_are_read_again_after_an_hour_if_one_could_not_be_read()
    {
        var (unreadable, unused) = (ThreadShare.NewShareId(), ThreadShare.NewShareId());
        var upkeep = ActivatorUtilities.CreateInstance<ThreadUpkeep>(_bench.Services);
        await Threads.WriteShareAsync(unreadable, new ThreadKey(TurnBench.User, "thread-0009"), CancellationToken.None);
        UnreadableFile.Put(PathOf(unreadable));
        PassFiles();
        await Assert.ThrowsAsync<IOException>(() => upkeep.RemoveExpiredAsync(CancellationToken.None));
        File.Delete(PathOf(unreadable));
        await Threads.WriteShareAsync(unused, new ThreadKey(TurnBench.User, "thread-0009"), CancellationToken.None);
        PassFiles();

        _bench.Time.Advance(TimeSpan.FromMinutes(30));
        await upkeep.RemoveExpiredAsync(CancellationToken.None);
        Assert.True(File.Exists(PathOf(unused)));

        _bench.Time.Advance(TimeSpan.FromMinutes(30));
        await upkeep.RemoveExpiredAsync(CancellationToken.None);
        Assert.False(File.Exists(PathOf(unused)));
    }

    public void Dispose() => _bench.Dispose();

    private string PathOf(string share) => Path.Combine(_bench.DataPath, "shares", $"{share}.json");

    // The clock of the store is that of the machine.
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    // As if all links had been written two hours ago.
    private void PassFiles()
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(Path.Combine(_bench.DataPath, "shares")))
            Directory.SetLastWriteTimeUtc(path, Now.UtcDateTime.AddHours(-2));
    }

    private async Task WriteAsync(string id, ThreadShare? share = null, TurnDeletion? deletion = null, int days = 0)
    {
        var now = Now.AddDays(-days);
        await Threads.WriteAsync(new ThreadDocument { User = TurnBench.User, Id = id, CreatedAt = now, UpdatedAt = now, Version = 1, Share = share, Deletions = deletion is null ? null : [deletion] }, null, CancellationToken.None);
    }
}
