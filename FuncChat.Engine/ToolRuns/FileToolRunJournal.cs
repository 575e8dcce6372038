using System.Text;
using System.Text.Json;

namespace FuncChat.Engine.ToolRuns;

/// <summary>The journal as files: a line of JSON an entry, in `runs/{run id}.jsonl`.</summary>
public sealed class FileToolRunJournal(string dataPath) : IToolRunJournal
{
    private const byte LineEnd = (byte)'\n';
    private readonly string _folder = Path.Combine(Path.GetFullPath(dataPath), "runs");
    private readonly Lock _lock = new();

    public async Task<IReadOnlyList<ToolRunEntry>> ReadAsync(string runId, CancellationToken cancellationToken)
    {
        var path = PathOf(runId);
        if (!File.Exists(path))
            return [];

        // What follows the last line's end is the torn tail of a crash.
        var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        var whole = bytes.AsMemory(0, bytes.AsSpan().LastIndexOf(LineEnd) + 1);
        return [.. Encoding.UTF8.GetString(whole.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse).OfType<ToolRunEntry>()];
    }

    public Task AppendAsync(string runId, ToolRunEntry entry, CancellationToken cancellationToken)
    {
        // The line's end goes first too: it ends what a crash may have torn.
        byte[] line = [LineEnd, .. JsonSerializer.SerializeToUtf8Bytes(entry, EngineJson.Relaxed.ToolRunEntry), LineEnd];
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

    private static ToolRunEntry? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, EngineJson.Default.ToolRunEntry);
        }
        catch (JsonException)
        {
            // Torn by a crash, and followed by what came after: that step is done again.
            return null;
        }
    }

    // Run ids are made by us, of letters and digits.
    private string PathOf(string runId) => Path.Combine(_folder, Path.GetFileName(runId) + ".jsonl");
}
