using Azure;
using FuncChat.Engine.Files;
using FuncChat.Engine.Threads;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Engine.Files;

public sealed class FileUpkeepTests : IDisposable
{
    private const string Thread = "thread-0001";

    private readonly TemporaryFolder _folder = new();

    // The clock of the store is that of the machine.
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private readonly FakeTimeProvider _time = new();

    private FolderFileStore Files => new(_folder.Path);

    [Fact]
    public async Task Expired_files_are_removed_and_those_of_an_existing_thread_are_kept()
    {
        var threads = new FileThreadStore(_folder.Path);
        await threads.WriteAsync(new ThreadDocument { User = "ada", Id = Thread, CreatedAt = _now, UpdatedAt = _now, Version = 1 }, null, CancellationToken.None);
        var (expired, ofThread, ofMissingThread) = (await WriteAsync(null, days: 31), await WriteAsync(Thread, days: 31), await WriteAsync("thread-0002", days: 31));
        var recent = await WriteAsync(null);

        await Upkeep(Files).RemoveExpiredAsync(CancellationToken.None);

        Assert.Equal(new[] { ofThread, recent }.Order(), (await Files.ListAsync("ada", CancellationToken.None)).Select(file => file.Id).Order());
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories), path =>
            path.Contains(expired, StringComparison.Ordinal) || path.Contains(ofMissingThread, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Threads_of_expired_files_are_looked_for_once_a_day()
    {
        var upkeep = Upkeep(Files);
        await upkeep.RemoveExpiredAsync(CancellationToken.None);
        var ofMissingThread = await WriteAsync("thread-0002", days: 31);
        await WriteAsync(null, days: 31);

        _time.Advance(TimeSpan.FromHours(23));
        await upkeep.RemoveExpiredAsync(CancellationToken.None);
        Assert.Equal(ofMissingThread, Assert.Single(await Files.ListAsync("ada", CancellationToken.None)).Id);

        _time.Advance(TimeSpan.FromHours(1));
        await upkeep.RemoveExpiredAsync(CancellationToken.None);
        Assert.Empty(await Files.ListAsync("ada", CancellationToken.None));
    }

    [Fact]
    public async Task File_that_cannot_be_removed_keeps_no_other_from_being_removed()
    {
        for (var file = 1; file <= 3; file++)
            await WriteAsync(null, days: 31);
        var deletions = 0;
        var files = new GatedFileStore(Files)
        {
            Deleting = _ => Interlocked.Increment(ref deletions) == 1 ? Task.FromException(new RequestFailedException(409, "The blob is under a legal hold.")) : Task.CompletedTask,
        };

        await Assert.ThrowsAsync<IOException>(() => Upkeep(files).RemoveExpiredAsync(CancellationToken.None));

        Assert.Single(await Files.ListAsync("ada", CancellationToken.None));
    }

    [Fact]
    public async Task Clock_of_an_instance_that_is_ahead_removes_no_file()
    {
        var (file, ofMissingThread, damaged) = (await WriteAsync(null), await WriteAsync("thread-0002"), await WriteAsync(null));
        var document = Directory.EnumerateFiles(_folder.Path, "file.json", SearchOption.AllDirectories).Single(path => path.Contains(damaged, StringComparison.Ordinal));
        await File.WriteAllTextAsync(document, "{");
        _time.SetUtcNow(_now.AddYears(10));

        await Upkeep(Files).RemoveExpiredAsync(CancellationToken.None);

        Assert.Equal(new[] { file, ofMissingThread }.Order(), (await Files.ListAsync("ada", CancellationToken.None)).Select(each => each.Id).Order());
        Assert.True(File.Exists(document));
    }

    public void Dispose() => _folder.Dispose();

    private FileUpkeep Upkeep(IFileStore files) => new(
        new FileStorage(files, new RequestMemory(Options.Create(new TurnOptions())), TimeProvider.System), new ThreadStorage(new FileThreadStore(_folder.Path), TimeProvider.System), Options.Create(new FileLimits()), _time,
        NullLogger<FileUpkeep>.Instance);

    private async Task<string> WriteAsync(string? thread, int days = 0)
    {
        var file = new StoredFile
        {
            User = "ada",
            Id = FileKey.NewFileId(),
            Name = "a.txt",
            MediaType = "text/plain",
            Bytes = 1,
            CreatedAt = _now.AddDays(-days),
            ThreadId = thread,
        };
        await Files.WriteAsync(file, "x"u8.ToArray(), null, CancellationToken.None);
        return file.Id;
    }
}
