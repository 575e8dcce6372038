using FuncChat.Engine.Store;

namespace FuncChat.Engine.ToolRuns;

/// <summary>Stores tool runs in files: one JSON line per entry in `runs/{run id}.jsonl`, readable by this account only.</summary>
public sealed class FileToolRunStore(string dataPath) : IToolRunStore
{
    private const string Extension = ".jsonl";

    // Two writers of one file would overwrite each other. Those that wait for a slow disk block no thread.
    private static readonly SemaphoreSlim Writing = new(1);

    private readonly string _folder = Path.Combine(Path.GetFullPath(dataPath), "runs");

    public Task<IReadOnlyList<ToolRunEntry>> ReadAsync(string runId, CancellationToken cancellationToken) => DiskThreads.RunAsync<IReadOnlyList<ToolRunEntry>>(
        () => PrivateFiles.TryRead(PathOf(runId)) is { } lines ? ToolRunLines.Read(lines) : [], cancellationToken);

    public async Task AppendAsync(string runId, ToolRunEntry entry, CancellationToken cancellationToken)
    {
        var line = ToolRunLines.Write(entry);
        await Writing.WaitAsync(cancellationToken);
        try
        {
            await DiskThreads.RunAsync(() => Append(PathOf(runId), line), CancellationToken.None);
        }
        finally
        {
            Writing.Release();
        }
    }

    public Task RemoveAsync(string runId, CancellationToken cancellationToken) => DiskThreads.RunAsync(() => PrivateFiles.Delete(PathOf(runId)), cancellationToken);

    public Task RemoveOlderThanAsync(TimeSpan age, CancellationToken cancellationToken) =>
        DiskThreads.RunAsync(() => FileExpiry.Remove(_folder, "*" + Extension, age, "expired tool runs", cancellationToken), cancellationToken);

    private void Append(string path, byte[] line)
    {
        PrivateFiles.CreateFolder(_folder);
        using var file = PrivateFiles.Open(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        file.Write(line);
    }

    // Run ids consist of letters and digits; GetFileName keeps any other id inside the folder.
    private string PathOf(string runId) => Path.Combine(_folder, Path.GetFileName(runId) + Extension);
}
