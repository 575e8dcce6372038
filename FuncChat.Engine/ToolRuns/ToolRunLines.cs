using System.Text;
using System.Text.Json;

namespace FuncChat.Engine.ToolRuns;

/// <summary>A run's journal as text: a line of JSON an entry.</summary>
public static class ToolRunLines
{
    private const byte LineEnd = (byte)'\n';

    /// <summary>The entry's line. The line's end goes first too: it ends what a crash may have torn.</summary>
    public static byte[] Write(ToolRunEntry entry) => [LineEnd, .. JsonSerializer.SerializeToUtf8Bytes(entry, EngineJson.Relaxed.ToolRunEntry), LineEnd];

    /// <summary>The whole entries, in order; what a crash has torn is left out.</summary>
    public static IReadOnlyList<ToolRunEntry> Read(ReadOnlySpan<byte> lines)
    {
        // What follows the last line's end is the torn tail of a crash.
        var whole = lines[..(lines.LastIndexOf(LineEnd) + 1)];
        return [.. Encoding.UTF8.GetString(whole).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse).OfType<ToolRunEntry>()];
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
}
