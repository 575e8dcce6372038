using System.Text;
using System.Text.Json;

namespace FuncChat.Engine.ToolRuns;

/// <summary>The stored form of a run: one JSON line per entry.</summary>
public static class ToolRunLines
{
    private const byte LineEnd = (byte)'\n';

    /// <summary>The entry's line. The leading line end completes a line that a crash may have truncated.</summary>
    public static byte[] Write(ToolRunEntry entry) => [LineEnd, .. JsonSerializer.SerializeToUtf8Bytes(entry, EngineJson.Relaxed.ToolRunEntry), LineEnd];

    /// <summary>The complete entries in order, without any that a crash has truncated.</summary>
    public static IReadOnlyList<ToolRunEntry> Read(ReadOnlySpan<byte> lines)
    {
        var complete = lines[..(lines.LastIndexOf(LineEnd) + 1)];
        return [.. Encoding.UTF8.GetString(complete).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse).OfType<ToolRunEntry>()];
    }

    private static ToolRunEntry? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, EngineJson.StoredType<ToolRunEntry>());
        }
        catch (JsonException)
        {
            // Truncated by a crash, with later entries after it, or damaged: this step runs again.
            return null;
        }
    }
}
