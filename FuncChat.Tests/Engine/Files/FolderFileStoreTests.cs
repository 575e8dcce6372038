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
