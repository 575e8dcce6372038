using Azure;
using FuncChat.Engine.Files;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Engine.Files;

public sealed class FileUpkeepTests : IDisposable
{
    private const string Thread = "thread-0001";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private FolderFileStore Files => new(_folder.Path);

    [Fact]
    public async Task Expired_files_are_removed_and_those_of_an_existing_thread_are_kept()
    {
        var threads = new FileThreadStore(_folder.Path);
        await threads.WriteAsync(new ThreadDocument { User = "ada", Id = Thread, CreatedAt = _time.GetUtcNow(), UpdatedAt = _time.GetUtcNow(), Version = 1 }, null, CancellationToken.None);
        var (expired, ofThread, ofMissingThread) = (await WriteAsync(null), await WriteAsync(Thread), await WriteAsync("thread-0002"));
        _time.Advance(TimeSpan.FromDays(31));
        var recent = await WriteAsync(null);

        await Upkeep(Files).RemoveExpiredAsync(CancellationToken.None);

        Assert.Equal(new[] { ofThread, recent }.Order(), (await Files.ListAsync("ada", CancellationToken.None)).Select(file => file.Id).Order());
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories), path =>
            path.Contains(expired, StringComparison.Ordinal) || path.Contains(ofMissingThread, StringComparison.Ordinal));
    }

    [Fact]
    public async Task File_that_cannot_be_removed_keeps_no_other_from_being_removed()
    {
        for (var file = 1; file <= 3; file++)
            await WriteAsync(null);
        _time.Advance(TimeSpan.FromDays(31));
        var deletions = 0;
        var files = new GatedFileStore(Files)
        {
            Deleting = _ => Interlocked.Increment(ref deletions) == 1 ? Task.FromException(new RequestFailedException(409, "The blob is under a legal hold.")) : Task.CompletedTask,
        };

        await Assert.ThrowsAsync<IOException>(() => Upkeep(files).RemoveExpiredAsync(CancellationToken.None));

        Assert.Single(await Files.ListAsync("ada", CancellationToken.None));
    }

    public void Dispose() => _folder.Dispose();

    private FileUpkeep Upkeep(IFileStore files) => new(
        new FileStorage(files, TimeProvider.System), new ThreadStorage(new FileThreadStore(_folder.Path), TimeProvider.System), Options.Create(new FileLimits()), _time,
        NullLogger<FileUpkeep>.Instance);

    private async Task<string> WriteAsync(string? thread)
    {
        var file = new StoredFile
        {
            User = "ada",
            Id = FileKey.NewFileId(),
            Name = "a.txt",
            MediaType = "text/plain",
            Bytes = 1,
            CreatedAt = _time.GetUtcNow(),
            ThreadId = thread,
        };
        await Files.WriteAsync(file, "x"u8.ToArray(), null, CancellationToken.None);
        return file.Id;
    }
}
