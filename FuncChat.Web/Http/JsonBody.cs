using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;
using FuncChat.Engine;

namespace FuncChat.Web.Http;

/// <summary>Takes a request's body, which may be anything, for the JSON object that it is to be.</summary>
internal static class JsonBody
{
    private const int MaxDepth = 64;

    /// <param name="read">Reads the object, or gives its first fault. The object is gone once it returns.</param>
    public static Result<T> Parse<T>(ReadOnlyMemory<byte> body, Func<JsonElement, Result<T>> read)
        where T : class
    {
        if (!Utf8.IsValid(body.Span))
            return JsonField.Fault("$", "The body is not valid UTF-8.");
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? read(document.RootElement)
                : JsonField.Fault("$", "The body must be a JSON object.");
        }
        catch (JsonException e)
        {
            return JsonField.Fault("$", $"The body is not valid JSON, at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
        catch (InvalidOperationException)
        {
            // What a name that is half a surrogate pair throws wherever it is looked at. JSON allows it.
            return JsonField.Fault("$", "The name of a field is not valid Unicode.");
        }
    }

    /// <summary>By which the same body sent again is known.</summary>
    public static string Fingerprint(ReadOnlyMemory<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body.Span));
}
