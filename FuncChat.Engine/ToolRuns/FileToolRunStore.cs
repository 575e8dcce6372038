using FuncChat.Engine.Store;

namespace FuncChat.Engine.ToolRuns;

/// <summary>Stores tool runs in files: one JSON line per entry in `runs/{run id}.jsonl`, readable by this account only.</summary>
public sealed class FileToolRunStore(string dataPath) : IToolRunStore
{
    private const string Extension = ".jsonl";

    // Two writers of one file would overwrite each other. Those that wait for a slow disk block no thread.
    private static readonly SemaphoreSlim Writing = new(1);

    private readonly string _folder = Path.Combine(Path.GetFullPath(dataPath), "runs");

    public async Task<IReadOnlyList<ToolRunEntry>> ReadAsync(string runId, CancellationToken cancellationToken)
    {
        try
        {
            return ToolRunLines.Read(await File.ReadAllBytesAsync(PathOf(runId), cancellationToken));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }

    public async Task AppendAsync(string runId, ToolRunEntry entry, CancellationToken cancellationToken)
    {
        var line = ToolRunLines.Write(entry);
        await Writing.WaitAsync(cancellationToken);
        try
        {
            CreateFolder();
            await using var file = new FileStream(PathOf(runId), Options());
            await file.WriteAsync(line, CancellationToken.None);
        }
        finally
        {
            Writing.Release();
        }
    }

    public Task RemoveAsync(string runId, CancellationToken cancellationToken)
    {
        if (Directory.Exists(_folder))
            File.Delete(PathOf(runId));
        return Task.CompletedTask;
    }

    public Task RemoveOlderThanAsync(TimeSpan age, CancellationToken cancellationToken) =>
        DiskThreads.RunAsync(() => FileExpiry.Remove(_folder, "*" + Extension, age, "expired tool runs", cancellationToken), cancellationToken);

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(_folder);
        else
            Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    // Run ids consist of letters and digits; GetFileName keeps any other id inside the folder.
    private string PathOf(string runId) => Path.Combine(_folder, Path.GetFileName(runId) + Extension);
}
