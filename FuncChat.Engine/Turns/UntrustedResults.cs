using System.Text.Json;
using FuncChat.Tools;

namespace FuncChat.Engine.Turns;

/// <summary>
/// Marks what tools brought from outside (<see cref="ToolPolicy.ReturnsUntrusted"/>) in the messages that go to the model. Only there: events, the
/// log, and what clients keep and send back hold results as the tools gave them. So each is marked once, whichever turn it was made in, and
/// whoever kept it meanwhile.
/// </summary>
internal sealed class UntrustedResults(ToolCatalog tools)
{
    /// <summary>The messages as the model is to see them. They are sound: checked when they came, or made here.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Mark(IEnumerable<RawJson> messages)
    {
        var untrusted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var message in messages)
            yield return MayConcernTools(message.Utf8.Span) ? Mark(message.Utf8, untrusted) : message.Utf8;
    }

    // A conversation can be megabytes, of which tools are little: only what may be of tools is parsed. JSON may spell any letter as an escape.
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
            // An id may be used again in another turn.
            var id = call.GetProperty("id").GetString()!;
            untrusted.Remove(id);
            if (tools.ReturnsUntrusted(call.GetProperty("function").GetProperty("name").GetString()!))
                untrusted.Add(id);
        }
    }

    // A client may keep a result as an array of parts. A tool's are text.
    private static string TextOf(JsonElement content) => content.ValueKind == JsonValueKind.String
        ? content.GetString()!
        : string.Join('\n', content.EnumerateArray().Where(part => part.GetProperty("type").ValueEquals("text")).Select(part => part.GetProperty("text").GetString()));
}
