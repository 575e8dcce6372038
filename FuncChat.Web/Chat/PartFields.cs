using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Tools.Fetch;
using FuncChat.Web.Http;

namespace FuncChat.Web.Chat;

/// <summary>
/// Checks the fields of a part that its type does not have. They reach the provider, which may know them, such as `cache_control`; but none may be content of another
/// type, or the address of a private host, since these are not checked.
/// </summary>
internal static class PartFields
{
    private static readonly HashSet<string> Contents = new(StringComparer.OrdinalIgnoreCase)
    {
        "text", "refusal", "image", "images", "image_url", "image_urls", "input_image", "input_audio", "audio", "audio_url", "input_video", "video", "video_url", "file", "file_id",
        "file_data", "file_url", "files", "input_file", "document", "document_url", "inline_data", "source", "data", "url", "urls", "uri", "path", "input_text",
    };

    private const int MaxScheme = 32;

    /// <param name="known">The fields that are checked elsewhere.</param>
    public static AppError? FindError(JsonElement element, string path, params ReadOnlySpan<string> known)
    {
        foreach (var field in element.EnumerateObject())
        {
            if (known.Contains(field.Name))
                continue;
            var fieldPath = JsonField.PathTo(path, field.Name);
            if (Contents.Contains(field.Name) && !IsEmpty(field.Value))
                return JsonField.Error(fieldPath, $"A part of this type has no such field. Its fields are: {string.Join(", ", known)}.");
            if (HasPrivateAddress(field.Value))
                return JsonField.Error(fieldPath, "This field is not one of the part's type, so it must not contain the address of a private host.");
        }

        return null;
    }

    private static bool HasPrivateAddress(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => !JsonField.TryGetText(value, out var text) || IsPrivateAddress(text!),
        JsonValueKind.Array => value.EnumerateArray().Any(HasPrivateAddress),
        JsonValueKind.Object => value.EnumerateObject().Any(field => HasPrivateAddress(field.Value)),
        _ => false,
    };

    // Parsers leave out control characters, and read backslashes as slashes.
    private static bool IsPrivateAddress(string text)
    {
        var start = string.Concat(text.Where(letter => letter > ' ').Take(MaxScheme)).Replace('\\', '/');
        var isAddress = start.StartsWith("//", StringComparison.Ordinal) ? text.Contains('.', StringComparison.Ordinal) || text.Contains(':', StringComparison.Ordinal)
            : start.IndexOf(":/", StringComparison.Ordinal) is var colon and > 0 && start[..colon].All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '+' or '-' or '.');
        return isAddress && !PublicUrl.Is(text.Trim());
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.String && value.ValueEquals(""));
}
