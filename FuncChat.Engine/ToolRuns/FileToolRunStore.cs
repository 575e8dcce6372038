namespace FuncChat.Engine.ToolRuns;

/// <summary>The journal as files: a line of JSON an entry, in `runs/{run id}.jsonl`.</summary>
public sealed class FileToolRunStore(string dataPath) : IToolRunStore
{
    private readonly string _folder = Path.Combine(Path.GetFullPath(dataPath), "runs");
    private readonly Lock _lock = new();

    public async Task<IReadOnlyList<ToolRunEntry>> ReadAsync(string runId, CancellationToken cancellationToken)
    {
        var path = PathOf(runId);
        return File.Exists(path) ? ToolRunLines.Read(await File.ReadAllBytesAsync(path, cancellationToken)) : [];
    }

    public Task AppendAsync(string runId, ToolRunEntry entry, CancellationToken cancellationToken)
    {
        var line = ToolRunLines.Write(entry);
        lock (_lock)
        {
            Directory.CreateDirectory(_folder);
            File.AppendAllBytes(PathOf(runId), line);
        }

        return Task.CompletedTask;
    }

    public Task RemoveOlderThanAsync(DateTimeOffset time, CancellationToken cancellationToken)
    {
        if (Directory.Exists(_folder))
        {
            foreach (var path in Directory.EnumerateFiles(_folder).Where(path => File.GetLastWriteTimeUtc(path) < time.UtcDateTime))
                File.Delete(path);
        }

        return Task.CompletedTask;
    }

    // Run ids are made by us, of letters and digits.
    private string PathOf(string runId) => Path.Combine(_folder, Path.GetFileName(runId) + ".jsonl");
}
