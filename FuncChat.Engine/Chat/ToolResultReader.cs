using System.Text.Json;

namespace FuncChat.Engine.Chat;

/// <summary>Reads the messages of a conversation in order, and recognizes the results of tools that it looks for.</summary>
/// <param name="isWanted">Whether results of a tool of this name are looked for.</param>
internal sealed class ToolResultReader(Func<string, bool> isWanted)
{
    private readonly HashSet<string> _calls = new(StringComparer.Ordinal);

    /// <summary>Null for any message but the result of a tool.</summary>
    public ToolResult? Read(JsonElement message)
    {
        if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
            Remember(calls);
        if (!message.GetProperty("role").ValueEquals("tool"))
            return null;
        var id = message.GetProperty("tool_call_id").GetString()!;
        return new ToolResult(id, TextOf(message.GetProperty("content")), _calls.Contains(id));
    }

    private void Remember(JsonElement calls)
    {
        foreach (var call in calls.EnumerateArray())
        {
            // Another turn may use an id again.
            var id = call.GetProperty("id").GetString()!;
            _calls.Remove(id);
            if (isWanted(call.GetProperty("function").GetProperty("name").GetString()!))
                _calls.Add(id);
        }
    }

    // A client may keep a result as an array of parts. Those of a tool are text.
    private static string TextOf(JsonElement content) => content.ValueKind == JsonValueKind.String
        ? content.GetString()!
        : string.Join('\n', content.EnumerateArray().Where(part => part.GetProperty("type").ValueEquals("text")).Select(part => part.GetProperty("text").GetString()));
}

/// <summary>The result of a tool.</summary>
/// <param name="IsWanted">Whether it is the result of a tool that the reader looks for.</param>
internal readonly record struct ToolResult(string CallId, string Text, bool IsWanted);
