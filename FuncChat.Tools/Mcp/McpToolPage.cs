using System.Text.Json;

namespace FuncChat.Tools.Mcp;

/// <summary>One page of a server's list of tools.</summary>
/// <param name="Tools">The tools; null for each entry that is not one.</param>
/// <param name="NextCursor">Where the next page starts; null on the last one.</param>
/// <param name="TimeToLive">How long the list may be cached; null if the server does not specify it.</param>
internal sealed record McpToolPage(IReadOnlyList<McpTool?> Tools, string? NextCursor, TimeSpan? TimeToLive)
{
    /// <exception cref="JsonException">The result is not a list of tools.</exception>
    public static McpToolPage Read(JsonElement result)
    {
        try
        {
            return new McpToolPage(
                [.. result.TryGetProperty("tools", out var tools) ? tools.EnumerateArray().Select(McpTool.Read) : []],
                result.TryGetProperty("nextCursor", out var next) && next.ValueKind == JsonValueKind.String && next.GetString() is { Length: > 0 } cursor ? cursor : null,
                result.TryGetProperty("ttlMs", out var lifetime) && lifetime.ValueKind == JsonValueKind.Number ? TimeOf(lifetime) : null);
        }
        catch (InvalidOperationException invalid)
        {
            throw new JsonException("The result is not a list of tools.", invalid);
        }
    }

    private static TimeSpan TimeOf(JsonElement milliseconds) => TimeSpan.FromMilliseconds(Math.Clamp(milliseconds.GetDouble(), 0, TimeSpan.MillisecondsPerDay));
}
