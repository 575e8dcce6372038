using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FuncChat.Tools;

namespace FuncChat.Engine.Chat;

/// <summary>
/// Marks the results of tools that return text from outside (<see cref="ToolPolicy.ReturnsUntrusted"/>) in the messages to the model, and only there: events, the
/// log and the clients' copies hold the results as the tools returned them. So each result is marked exactly once, whichever turn it comes from. After the first
/// such result, those of all other tools are marked too: the model may have passed the text on to them.
/// </summary>
/// <param name="user">Whose conversation it is.</param>
internal sealed class UntrustedResults(ToolCatalog tools, string user)
{
    private const int IdLength = 12;

    /// <summary>The messages for the model. All of them are valid: received ones were checked, the others come from the engine.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Mark(IEnumerable<RawJson> messages)
    {
        ReadOnlyMemory<byte>? first = null;
        var results = new ToolResults(tools);
        foreach (var message in messages)
        {
            first ??= message.Utf8;
            yield return results.Read(message) is { IsUntrusted: true } result
                ? ToolMessage.Of(result.CallId, UntrustedText.Label(result.Text, IdFor(result.CallId, first.Value.Span))).Utf8
                : message.Utf8;
        }
    }

    /// <summary>Whether any of the messages holds text from outside.</summary>
    public bool AreIn(IEnumerable<RawJson> messages)
    {
        var results = new ToolResults(tools);
        return messages.Any(message => results.Read(message) is { IsUntrusted: true });
    }

    /// <summary>
    /// A page's author knows neither the user, nor the conversation's first message, nor the id of the call. All turns of a conversation mark a result alike, so
    /// a provider's cache of the conversation stays valid.
    /// </summary>
    private string IdFor(string callId, ReadOnlySpan<byte> firstMessage)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{user.Length}:{user}{callId.Length}:{callId}"));
        hash.AppendData(firstMessage);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..IdLength];
    }

    /// <summary>Reads messages in order, and recognizes the results of tools.</summary>
    private sealed class ToolResults(ToolCatalog tools)
    {
        private readonly HashSet<string> _untrusted = new(StringComparer.Ordinal);
        private bool _any;

        /// <summary>Null for any message but the result of a tool.</summary>
        public ToolResult? Read(RawJson message)
        {
            if (!MayConcernTools(message.Utf8.Span))
                return null;
            using var document = JsonDocument.Parse(message.Utf8);
            var root = document.RootElement;
            if (root.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
                Remember(calls);
            if (!root.GetProperty("role").ValueEquals("tool"))
                return null;
            var id = root.GetProperty("tool_call_id").GetString()!;
            _any |= _untrusted.Contains(id);
            return new ToolResult(id, TextOf(root.GetProperty("content")), _any);
        }

        // A conversation can be megabytes with little from tools, so only messages that may be from tools are parsed. JSON may escape any letter.
        private static bool MayConcernTools(ReadOnlySpan<byte> message) => message.IndexOf("\"tool"u8) >= 0 || message.IndexOf("\\u"u8) >= 0;

        private void Remember(JsonElement calls)
        {
            foreach (var call in calls.EnumerateArray())
            {
                // Another turn may use an id again.
                var id = call.GetProperty("id").GetString()!;
                _untrusted.Remove(id);
                if (tools.ReturnsUntrusted(call.GetProperty("function").GetProperty("name").GetString()!))
                    _untrusted.Add(id);
            }
        }

        // A client may keep a result as an array of parts. Those of a tool are text.
        private static string TextOf(JsonElement content) => content.ValueKind == JsonValueKind.String
            ? content.GetString()!
            : string.Join('\n', content.EnumerateArray().Where(part => part.GetProperty("type").ValueEquals("text")).Select(part => part.GetProperty("text").GetString()));
    }

    private readonly record struct ToolResult(string CallId, string Text, bool IsUntrusted);
}
