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
