using FuncChat.Engine.Files;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Files;

public sealed class FolderFileStoreTests : FileStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [LinuxFact]
    public async Task Files_can_be_read_by_the_servers_account_alone()
    {
        await Open().WriteAsync(File(), "x"u8.ToArray(), "text", None);

        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        foreach (var path in await NamesAsync())
            Assert.Equal(UnixFileMode.None, OperatingSystem.IsWindows() ? default : System.IO.File.GetUnixFileMode(path) & Others);
    }

    [LinuxFact]
    public async Task File_that_the_file_system_cannot_read_keeps_no_other_from_being_listed()
    {
        var (kept, lost) = (File(), File());
        await Open().WriteAsync(kept, "x"u8.ToArray(), null, None);
        await Open().WriteAsync(lost, "x"u8.ToArray(), null, None);
        var path = Path.Combine(_folder.Path, "files", lost.Key.Folder(), "file.json");
        System.IO.File.Delete(path);
        System.IO.File.CreateSymbolicLink(path, path);

        Assert.Equal([kept], await Open().ListAsync(kept.User, None));

        Assert.True(await Open().DeleteAsync(lost.Key, None));
    }

    [LinuxFact]
    public async Task File_that_can_not_be_read_at_the_moment_is_not_listed_and_not_removed()
    {
        var (kept, unreadable) = (File(), File());
        await Open().WriteAsync(kept, "x"u8.ToArray(), null, None);
        await Open().WriteAsync(unreadable, "x"u8.ToArray(), null, None);
        var path = Path.Combine(_folder.Path, "files", unreadable.Key.Folder(), "file.json");
        UnreadableFile.Put(path);

        Assert.Equal([kept], await Open().ListAsync(kept.User, None));
        await Assert.ThrowsAsync<IOException>(() => Open().ReadAsync(unreadable.Key, None));
        await Assert.ThrowsAsync<IOException>(() => Open().RemoveRemainsAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, None));
        Assert.True(System.IO.File.Exists(path));
    }

    [LinuxFact]
    public async Task Folder_of_a_user_that_can_not_be_read_keeps_no_file_of_another_from_expiring()
    {
        var (file, remains) = (File(), File());
        await Open().WriteAsync(file, "x"u8.ToArray(), null, None);
        await LeaveRemainsAsync(remains);
        if (!UnreadableFolder.TryPut(Path.Combine(_folder.Path, "files"), "0", "f"))
            return;

        Assert.Equal([file], await Open().ListCreatedBeforeAsync(DateTimeOffset.MaxValue, None).ToListAsync());
        await Open().RemoveRemainsAsync(DateTimeOffset.MaxValue, DateTimeOffset.MinValue, None);

        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "files", remains.Key.Folder())));
        Assert.Equal([file], await Open().ListAsync(file.User, None));
    }

    // Another request has deleted it after this one has looked.
    [Fact]
    public async Task Document_that_is_written_while_the_file_is_deleted_is_removed()
    {
        var file = File();
        await Open().WriteAsync(file, "x"u8.ToArray(), null, None);
        System.IO.File.Delete(Path.Combine(_folder.Path, "files", file.Key.Folder(), "content"));

        await Open().UpdateAsync(file with { ThreadId = "thread-0001" }, None);

        Assert.Null(await Open().ReadAsync(file.Key, None));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Document_without_content_is_removed_with_the_remains()
    {
        var (file, left) = (File(), File());
        await Open().WriteAsync(file, "x"u8.ToArray(), null, None);
        await Open().WriteAsync(left, "x"u8.ToArray(), null, None);
        System.IO.File.Delete(Path.Combine(_folder.Path, "files", left.Key.Folder(), "content"));

        await Open().RemoveRemainsAsync(DateTimeOffset.MinValue, DateTimeOffset.MinValue, None);
        Assert.NotNull(await Open().ReadAsync(left.Key, None));
        await Open().RemoveRemainsAsync(DateTimeOffset.MaxValue, DateTimeOffset.MinValue, None);

        Assert.Equal([file], await Open().ListAsync(file.User, None));
    }

    [Fact]
    public async Task File_can_be_attached_and_deleted_at_once()
    {
        for (var round = 0; round < 50; round++)
        {
            var file = File();
            await Open().WriteAsync(file, "x"u8.ToArray(), "text", None);

            await Task.WhenAll(Open().DeleteAsync(file.Key, None), Open().UpdateAsync(file with { ThreadId = "thread-0001" }, None), Open().UpdateAsync(file with { ThreadId = "thread-0002" }, None));

            Assert.Null(await Open().ReadAsync(file.Key, None));
        }
    }

    [Fact]
    public async Task File_can_be_deleted_by_several_requests_at_once()
    {
        for (var round = 0; round < 20; round++)
        {
            var file = File();
            await Open().WriteAsync(file, "x"u8.ToArray(), "text", None);

            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Open().DeleteAsync(file.Key, None)));

            Assert.Null(await Open().ReadAsync(file.Key, None));
        }

        Assert.Empty(await Open().ListAsync(User, None));
    }

    public void Dispose() => _folder.Dispose();

    protected override IFileStore Open() => new FolderFileStore(_folder.Path);

    protected override Task<IReadOnlyList<string>> NamesAsync() => Task.FromResult<IReadOnlyList<string>>(
        [.. Directory.EnumerateFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories)]);

    protected override Task DamageAsync(FileKey key, string json) =>
        System.IO.File.WriteAllTextAsync(Path.Combine(_folder.Path, "files", key.Folder(), "file.json"), json);

    protected override Task LeaveRemainsAsync(StoredFile file)
    {
        var folder = Path.Combine(_folder.Path, "files", file.Key.Folder());
        Directory.CreateDirectory(folder);
        return System.IO.File.WriteAllTextAsync(Path.Combine(folder, "content"), "x");
    }
}
