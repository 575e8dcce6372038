using System.Text;
using System.Text.Json;
using FuncChat.Web.Http;

namespace FuncChat.Web.Chat;

/// <summary>
/// What the provider of an assistant message wants back with it, where a client returns it as text: in AG-UI's `encryptedValue`, and in the `encrypted_content` of
/// the Responses API. It is untrusted, and held to the rules of a chat message's `provider_data`.
/// </summary>
internal static class SentProviderData
{
    // As deep as it may be in the body of a chat, which is an object with an array of messages.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 61, AllowDuplicateProperties = false };

    /// <summary>Whether this server may have made the text. That of other servers is opaque.</summary>
    public static bool IsOwn(string text) => text.StartsWith('{');

    /// <summary>Reads the text; null if it is damaged.</summary>
    public static JsonElement? Parse(string text)
    {
        try
        {
            var json = Encoding.UTF8.GetBytes(text);
            var data = JsonElement.Parse(json, Strict);
            return data.ValueKind == JsonValueKind.Object && RequestDocument.FindInvalidText(json) is null ? data : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // not JSON, too deep, or with half of a surrogate pair in a name
        }
    }
}
