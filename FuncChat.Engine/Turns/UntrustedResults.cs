using System.Text.Json;
using FuncChat.Tools;

namespace FuncChat.Engine.Turns;

/// <summary>
/// Marks the results of tools that return text from outside (<see cref="ToolPolicy.ReturnsUntrusted"/>) in the messages to the model, and only there: events, the
/// log and the clients' copies hold the results as the tools returned them. So each result is marked exactly once, whichever turn it comes from.
/// </summary>
internal sealed class UntrustedResults(ToolCatalog tools)
{
    /// <summary>The messages for the model. All of them are valid: received ones were checked, the others come from the engine.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Mark(IEnumerable<RawJson> messages)
    {
        var untrusted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var message in messages)
            yield return MayConcernTools(message.Utf8.Span) ? Mark(message.Utf8, untrusted) : message.Utf8;
    }

    // A conversation can be megabytes with little from tools, so only messages that may be from tools are parsed. JSON may escape any letter.
    private static bool MayConcernTools(ReadOnlySpan<byte> message) => message.IndexOf("\"tool"u8) >= 0 || message.IndexOf("\\u"u8) >= 0;

    private ReadOnlyMemory<byte> Mark(ReadOnlyMemory<byte> message, HashSet<string> untrusted)
    {
        using var document = JsonDocument.Parse(message);
        var root = document.RootElement;
        if (root.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
            Remember(calls, untrusted);
        if (!root.GetProperty("role").ValueEquals("tool"))
            return message;
        var id = root.GetProperty("tool_call_id").GetString()!;
        return untrusted.Contains(id) ? ToolMessage.Of(id, UntrustedText.Label(TextOf(root.GetProperty("content")))).Utf8 : message;
    }

    private void Remember(JsonElement calls, HashSet<string> untrusted)
    {
        foreach (var call in calls.EnumerateArray())
        {
            // Another turn may use an id again.
            var id = call.GetProperty("id").GetString()!;
            untrusted.Remove(id);
            if (tools.ReturnsUntrusted(call.GetProperty("function").GetProperty("name").GetString()!))
                untrusted.Add(id);
        }
    }

    // A client may keep a result as an array of parts. Those of a tool are text.
    private static string TextOf(JsonElement content) => content.ValueKind == JsonValueKind.String
        ? content.GetString()!
        : string.Join('\n', content.EnumerateArray().Where(part => part.GetProperty("type").ValueEquals("text")).Select(part => part.GetProperty("text").GetString()));
}
