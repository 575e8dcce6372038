using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FuncChat.Engine.Files;
using FuncChat.Engine.Models;
using FuncChat.Tools;

namespace FuncChat.Engine.Chat;

/// <summary>
/// Marks the results of tools that return text from outside (<see cref="ToolPolicy.ReturnsUntrusted"/>) in the messages to the model, and only there: events, the
/// log and the clients' copies hold the results as the tools returned them. So each result is marked exactly once, whichever turn it comes from. After the first
/// such result, or a file in a message, those of all other tools are marked too: the model may have passed the text on to them. So is the text of files that are in
/// the messages themselves.
/// </summary>
/// <param name="user">Whose conversation it is.</param>
internal sealed class UntrustedResults(ToolCatalog tools, string user)
{
    private const int IdLength = 12;

    /// <summary>The messages for the model. All of them are valid: received ones were checked, the others come from the engine.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Mark(IEnumerable<RawJson> messages)
    {
        ReadOnlyMemory<byte>? first = null;
        var outside = new OutsideText(tools);
        foreach (var (index, message) in messages.Index())
        {
            first ??= message.Utf8;
            var marked = outside.Read(message) is { } result && outside.IsFound ? Label(message, result, IdFor(result.CallId, first.Value.Span)) : message.Utf8;
            yield return InlineFiles.MayBeIn(marked.Span) ? InlineFiles.MarkText(marked, part => IdFor($"{index}/{part}", first.Value.Span)) : marked;
        }
    }

    // The images of a result stay next to its text.
    private static ReadOnlyMemory<byte> Label(RawJson message, ToolResult result, string id)
    {
        using var document = JsonDocument.Parse(message.Utf8);
        return ContentParts.Of(document.RootElement).All(part => MessageJson.Text(part, "type") == "text")
            ? ToolMessage.Of(result.CallId, UntrustedText.Label(result.Text, id)).Utf8
            : ContentParts.Replace(
                document.RootElement, part => MessageJson.Text(part, "text") is { } text ? ContentParts.Text(UntrustedText.Label(text, id)) : null);
    }

    /// <summary>Whether any of the messages holds text from outside.</summary>
    public bool AreIn(IEnumerable<RawJson> messages)
    {
        var outside = new OutsideText(tools);
        return messages.Any(message =>
        {
            outside.Read(message);
            return outside.IsFound;
        });
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

    /// <summary>Reads messages in order, and recognizes text from outside.</summary>
    private sealed class OutsideText(ToolCatalog tools)
    {
        private readonly ToolResultReader _results = new(tools.ReturnsUntrusted);

        /// <summary>Whether a message so far has text from outside.</summary>
        public bool IsFound { get; private set; }

        /// <summary>Null for any message but the result of a tool.</summary>
        public ToolResult? Read(RawJson message)
        {
            if (!MayConcernTools(message.Utf8.Span) && (IsFound || !MayHaveFile(message.Utf8.Span)))
                return null;
            using var document = JsonDocument.Parse(message.Utf8);
            var result = _results.Read(document.RootElement);
            IsFound = IsFound || result is { IsWanted: true } || (result is null && ContentParts.Of(document.RootElement).Any(IsFile));
            return result;
        }

        // A conversation can be megabytes with little from tools, so only messages that may be from tools are parsed. JSON may escape any letter.
        private static bool MayConcernTools(ReadOnlySpan<byte> message) => message.IndexOf("\"tool"u8) >= 0 || message.IndexOf("\\u"u8) >= 0;

        private static bool MayHaveFile(ReadOnlySpan<byte> message) =>
            message.IndexOf("\"file\""u8) >= 0 || message.IndexOf("\"image_url\""u8) >= 0 || message.IndexOf("\"input_audio\""u8) >= 0;

        // An image or a recording can hold words too.
        private static bool IsFile(JsonElement part) => part.ValueKind == JsonValueKind.Object && MessageJson.Text(part, "type") is "file" or "image_url" or "input_audio";
    }
}
