using FuncChat.Engine.Approvals;
using FuncChat.Engine.Files;
using FuncChat.Engine.Secrets;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Engine.Usage;
using FuncChat.Tests.Support;
using FuncChat.Tools.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Engine.Store;

/// <summary>Files that a process was writing when it was killed.</summary>
public sealed class TemporaryFileUpkeepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Old_ones_are_removed_in_each_folder_and_nothing_else_is()
    {
        await WriteAllAsync();
        var files = Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories);
        Assert.Equal(7, files.Length);
        foreach (var file in files)
        {
            File.Copy(file, TemporaryFiles.NameFor(file));
            File.Copy(file, TemporaryFiles.NameFor(file) + "x");
        }

        var recent = TemporaryFiles.NameFor(files[0]);
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-2));
        File.Copy(files[0], recent);
        File.SetLastWriteTimeUtc(recent, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-50));

        await new TemporaryFileUpkeep(_folder.Path, _time, NullLogger<TemporaryFileUpkeep>.Instance).RemoveExpiredAsync(CancellationToken.None);

        var left = Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".clock", StringComparison.Ordinal)).ToList();
        Assert.Equal([recent], left.Where(file => file[..^32].EndsWith('.')));
        Assert.Equal((2 * files.Length) + 1, left.Count);
    }

    // A file of each store that writes in this way.
    private async Task WriteAllAsync()
    {
        var now = _time.GetUtcNow();
        var (key, thread) = (new TurnKey("ada", "turn-0001"), new ThreadKey("ada", "thread-0001"));
        await new FileWaitingTurnStore(_folder.Path).AddAsync(key, CancellationToken.None);
        await new FileUsageStore(_folder.Path, NullLogger<FileUsageStore>.Instance).WriteAsync(new UsageRecord("ada", now, "one", new Dictionary<UsageWindow, long>()), CancellationToken.None);
        await new FileSecretStore(_folder.Path).WriteAsync(new SecretKey("ada", "mcp-srv-tokens"), "x"u8.ToArray(), CancellationToken.None);
        var threads = new FileThreadStore(_folder.Path);
        await threads.WriteTurnAsync(thread, "content_0001", "{}"u8.ToArray(), CancellationToken.None);
        await threads.WriteShareAsync(ThreadShare.NewShareId(), thread, CancellationToken.None);
        var file = new StoredFile { User = "ada", Id = FileKey.NewFileId(), Name = "a.txt", MediaType = "text/plain", Bytes = 1, CreatedAt = now };
        await new FolderFileStore(_folder.Path).WriteAsync(file, "x"u8.ToArray(), null, CancellationToken.None);
    }
}
