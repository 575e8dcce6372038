using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Threads;

public sealed class FileThreadStoreTests : ThreadStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override int RemovalRounds => 200;

    [Fact]
    public async Task Thread_with_a_folder_in_place_of_its_document_expires()
    {
        await Open().WriteTurnAsync(Key, "content_0001", "1"u8.ToArray(), None);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "threads", UserHash.Of(Key.User), Key.ThreadId, "thread.json", "x"));

        Assert.Empty(await ExpiredAsync(TimeProvider.System.GetUtcNow().AddDays(1)));

        Assert.Empty(await NamesAsync());
    }

    [LinuxFact]
    public async Task Folder_of_a_user_that_can_not_be_read_keeps_no_thread_of_another_from_expiring()
    {
        await Open().WriteAsync(Thread(), null, None);
        if (!UnreadableFolder.TryPut(Path.Combine(_folder.Path, "threads"), "0", "f"))
            return;
        var expired = new List<string>();

        await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (var thread in Open().ListExpiredAsync(TimeProvider.System.GetUtcNow().AddDays(1), None))
                expired.Add(thread.Id);
        });

        Assert.Equal([Key.ThreadId], expired);
    }

    // A user has a list however many of its threads a file system has lost.
    [LinuxFact]
    public async Task Thread_that_the_file_system_cannot_read_is_damaged_and_keeps_no_other_from_being_listed()
    {
        await Open().WriteAsync(Thread(), null, None);
        await Open().WriteAsync(Thread() with { Id = "thread-0002" }, null, None);
        var path = Path.Combine(_folder.Path, "threads", UserHash.Of(Key.User), "thread-0002", "thread.json");
        File.Delete(path);
        File.CreateSymbolicLink(path, path);

        Assert.Equal([Key.ThreadId], (await Open().ListAsync(Key.User, None)).Select(thread => thread.Id));

        var damaged = Key with { ThreadId = "thread-0002" };
        Assert.Equal(TurnStoreFailure.Damaged, (await Assert.ThrowsAsync<TurnStoreException>(() => Open().ReadAsync(damaged, None))).Reason);
        await Open().RemoveAsync(damaged, (await Open().ReadDamagedAsync(damaged, None))!.ETag, None);
        Assert.Null(await Open().ReadAsync(damaged, None));
        Assert.Single(await NamesAsync());
    }

    [LinuxFact]
    public async Task Thread_that_can_not_be_read_at_the_moment_is_not_listed_and_not_damaged()
    {
        await Open().WriteAsync(Thread(), null, None);
        await Open().WriteAsync(Thread() with { Id = "thread-0002" }, null, None);
        await Open().WriteTurnAsync(Key, "content_0001", "{}"u8.ToArray(), None);
        var unreadable = Key with { ThreadId = "thread-0002" };
        var share = ThreadShare.NewShareId();
        await Open().WriteShareAsync(share, Key, None);
        var user = Path.Combine(_folder.Path, "threads", UserHash.Of(Key.User));
        UnreadableFile.Put(Path.Combine(user, "thread-0002", "thread.json"));
        UnreadableFile.Put(Path.Combine(user, Key.ThreadId, "turns", "content_0001.json"));
        UnreadableFile.Put(Path.Combine(_folder.Path, "shares", $"{share}.json"));

        Assert.Equal([Key.ThreadId], (await Open().ListAsync(Key.User, None)).Select(thread => thread.Id));
        await Assert.ThrowsAsync<IOException>(() => Open().ReadAsync(unreadable, None));
        await Assert.ThrowsAsync<IOException>(() => Open().ReadDamagedAsync(unreadable, None));
        await Assert.ThrowsAsync<IOException>(() => Open().WriteAsync(Thread() with { Id = "thread-0002" }, "etag", None));
        await Assert.ThrowsAsync<IOException>(() => Open().ReadTurnAsync(Key, "content_0001", None));
        await Assert.ThrowsAsync<IOException>(() => Open().ReadShareAsync(share, None));
    }

    [LinuxFact]
    public async Task List_fails_when_the_folder_of_the_user_can_not_be_read()
    {
        var user = Path.Combine(_folder.Path, "threads", UserHash.Of(Key.User));
        Directory.CreateDirectory(Path.GetDirectoryName(user)!);
        File.CreateSymbolicLink(user, user);

        await Assert.ThrowsAsync<IOException>(() => Open().ListAsync(Key.User, None));
    }

    [Fact]
    public async Task Content_that_is_written_while_its_thread_is_removed_leaves_no_folder()
    {
        await Open().WriteTurnAsync(Key, "content_0001", "1"u8.ToArray(), None);

        await Open().RemoveTurnAsync(Key, "content_0001", None);

        Assert.Empty(await NamesAsync());
    }

    [LinuxFact]
    public async Task Files_can_be_read_by_the_servers_account_alone()
    {
        await Open().WriteAsync(Thread(), null, None);
        await Open().WriteTurnAsync(Key, "turn-0001", "x"u8.ToArray(), None);

        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
            Assert.Equal(UnixFileMode.None, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file) & Others);
    }

    [Fact]
    public async Task List_does_not_read_again_what_has_not_changed()
    {
        var store = Open();
        await store.WriteAsync(Thread(), null, None);
        var document = new FileInfo(Path.Combine(_folder.Path, "threads", UserHash.Of(Key.User), Key.ThreadId, "thread.json"));
        var (length, time) = (document.Length, document.LastWriteTimeUtc.AddMinutes(-1));
        File.SetLastWriteTimeUtc(document.FullName, time);
        await store.ListAsync(Key.User, None);
        await File.WriteAllBytesAsync(document.FullName, new byte[length]);
        File.SetLastWriteTimeUtc(document.FullName, time);

        var unread = await store.ListAsync(Key.User, None);

        Assert.Equal(Thread().Title, Assert.Single(unread).Title);
        File.SetLastWriteTimeUtc(document.FullName, time.AddSeconds(1));
        Assert.Empty(await store.ListAsync(Key.User, None));
    }

    // Another instance may write the same length at the same time of the file system's clock.
    [Fact]
    public async Task List_reads_again_what_was_written_a_moment_ago()
    {
        var store = Open();
        await store.WriteAsync(Thread() with { Title = "a" }, null, None);
        var document = new FileInfo(Path.Combine(_folder.Path, "threads", UserHash.Of(Key.User), Key.ThreadId, "thread.json"));
        File.SetLastWriteTimeUtc(document.FullName, document.LastWriteTimeUtc.AddMinutes(10));
        document.Refresh();
        await store.ListAsync(Key.User, None);
        await File.WriteAllBytesAsync(document.FullName, (Thread() with { Title = "b" }).ToJson());
        File.SetLastWriteTimeUtc(document.FullName, document.LastWriteTimeUtc);

        Assert.Equal("b", Assert.Single(await store.ListAsync(Key.User, None)).Title);
    }

    public void Dispose() => _folder.Dispose();

    protected override IThreadStore Open() => new FileThreadStore(_folder.Path);

    protected override Task DamageAsync(ThreadKey key, string json) =>
        File.WriteAllTextAsync(Path.Combine(_folder.Path, "threads", UserHash.Of(key.User), key.ThreadId, "thread.json"), json);

    protected override Task<IReadOnlyList<string>> NamesAsync()
    {
        var folder = Path.Combine(_folder.Path, "threads", UserHash.Of(Key.User));
        return Task.FromResult<IReadOnlyList<string>>(Directory.Exists(folder) ? [.. Directory.EnumerateFileSystemEntries(folder)] : []);
    }
}
