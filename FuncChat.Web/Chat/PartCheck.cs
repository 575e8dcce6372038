using System.Buffers.Text;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Files;
using FuncChat.Tools.Fetch;
using FuncChat.Web.Http;

namespace FuncChat.Web.Chat;

/// <summary>Checks one part of a message's content: text, an image, audio or a file.</summary>
internal static class PartCheck
{
    private const string DataImage = "data:image/";
    private const string Image = "image/";
    private const string Base64Mark = ";base64";
    private const string AcceptedImages = "PNG, JPEG, GIF or WebP";

    // Those of uploaded files, which every model that sees accepts.
    private static readonly string[] ImageTypes = ["png", "jpeg", "jpg", "gif", "webp"];

    /// <summary>A file's media type: that of an image must be one that models accept, or `image/*`.</summary>
    public static FieldRule MediaType { get; } = static (value, path) => FieldRules.AnyText(value, path) is { } error ? error
        : value.GetString()!.Split(';')[0].Trim() is var type && type.StartsWith(Image, StringComparison.OrdinalIgnoreCase) && type != "image/*" && !IsAccepted(type[Image.Length..])
            ? UnacceptedImage(path)
            : null;

    /// <param name="ofAssistant">An assistant message may also hold what models make, such as thoughts.</param>
    public static AppError? FindError(JsonElement part, string path, bool ofAssistant)
    {
        if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty("type", out var value) || !JsonField.TryGetText(value, out var type))
            return JsonField.Error(path, "A part must be an object with a type, such as {\"type\":\"text\",\"text\":\"Hello\"}.");
        return FindErrorOfType(part, type!, path, ofAssistant) ?? (ofAssistant ? null : PartFields.FindError(part, path, "type", type!));
    }

    private static AppError? FindErrorOfType(JsonElement part, string type, string path, bool ofAssistant)
    {
        return type switch
        {
            "text" when HasText(part, "text") => null,
            "text" => JsonField.Error($"{path}.text", "A text part must have a text."),
            "refusal" when HasText(part, "refusal") => null,
            "refusal" => JsonField.Error($"{path}.refusal", "A refusal part must have a refusal."),
            "image_url" => FindErrorOfImage(part, path, ofAssistant),
            "input_audio" => FindErrorOfAudio(part, path),
            "file" => FindErrorOfFile(part, path),
            "thinking" or "reasoning" or "reference" when ofAssistant => null,
            _ => JsonField.Error($"{path}.type", "The type must be one of: text, image_url, input_audio, file, refusal."),
        };
    }

    private static AppError? FindErrorOfImage(JsonElement part, string path, bool ofAssistant)
    {
        var imagePath = $"{path}.image_url";
        path = $"{imagePath}.url";
        if (!part.TryGetProperty("image_url", out var image) || image.ValueKind != JsonValueKind.Object
            || !image.TryGetProperty("url", out var value) || !JsonField.TryGetText(value, out var url))
            return JsonField.Error(path, "An image must have an http, https or data:image URL.");
        if (JsonField.TryGet(image, "detail", out var detail) && !JsonField.TryGetText(detail, out _))
            return JsonField.Error($"{imagePath}.detail", "The detail must be a string, such as auto, low or high.");
        if (!ofAssistant && PartFields.FindError(image, imagePath, "url", "detail") is { } error)
            return error;
        if (url!.StartsWith(DataImage, StringComparison.OrdinalIgnoreCase))
        {
            var head = url.AsSpan(DataImage.Length);
            var end = head.IndexOfAny(';', ',');
            return !IsAccepted(new string(end < 0 ? head : head[..end])) ? UnacceptedImage(path)
                : IsBase64(url) ? null
                : JsonField.Error(path, "The data: URL of an image must have its content in base64.");
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            return JsonField.Error(path, "An image must have an http, https or data:image URL.");
        if (address.UserInfo.Length > 0)
            return JsonField.Error(path, "An image's URL must not contain a user name or password.");

        // The provider fetches it, and that may be a server within the operator's own network.
        return PublicUrl.Is(url) ? null : JsonField.Error(path, "An image's URL must be on the public internet, and written plainly. Send the image itself as a data:image URL.");
    }

    private static bool IsAccepted(string imageType) => ImageTypes.Contains(imageType, StringComparer.OrdinalIgnoreCase);

    private static AppError UnacceptedImage(string path) =>
        JsonField.Error(path, $"Images of this type are not accepted: send {AcceptedImages}. The source of an SVG can be sent as text.");

    private static bool IsBase64(ReadOnlySpan<char> dataUrl)
    {
        var comma = dataUrl.IndexOf(',');
        return comma > 0 && dataUrl[..comma].EndsWith(Base64Mark, StringComparison.OrdinalIgnoreCase)
            && Base64.IsValid(dataUrl[(comma + 1)..], out var length) && length > 0;
    }

    private static AppError? FindErrorOfAudio(JsonElement part, string path) =>
        part.TryGetProperty("input_audio", out var audio) && audio.ValueKind == JsonValueKind.Object && HasText(audio, "format")
        && audio.TryGetProperty("data", out var data) && JsonField.TryGetText(data, out var base64) && Base64.IsValid(base64)
            ? PartFields.FindError(audio, $"{path}.input_audio", "data", "format")
            : JsonField.Error($"{path}.input_audio", "Audio must have data in base64 and a format, such as wav.");

    private static AppError? FindErrorOfFile(JsonElement part, string path)
    {
        path = $"{path}.file";
        if (!part.TryGetProperty("file", out var file) || file.ValueKind != JsonValueKind.Object)
            return JsonField.Error(path, "A file part must have a file.");
        if (PartFields.FindError(file, path, "file_id", "file_data", "filename") is { } error)
            return error;
        if (JsonField.TryGet(file, "filename", out var name) && !JsonField.TryGetText(name, out _))
            return JsonField.Error($"{path}.filename", "The filename must be a string.");

        // Other ids are those of the operator's account at the provider, which holds what other users' programs have put there.
        if (JsonField.TryGet(file, "file_id", out var id))
        {
            return JsonField.TryGetText(id, out var fileId) && FileKey.IsFileId(fileId) && !HasText(file, "file_data")
                ? null
                : JsonField.Error($"{path}.file_id", "There is no such file. Upload it to /api/files, or send the file itself as file_data.");
        }

        return file.TryGetProperty("file_data", out var data) && JsonField.TryGetText(data, out var url)
            && url!.StartsWith("data:", StringComparison.OrdinalIgnoreCase) && (IsBase64(url) || !url.AsSpan(0, Math.Max(0, url.IndexOf(',', StringComparison.Ordinal))).EndsWith(Base64Mark, StringComparison.OrdinalIgnoreCase))
            ? null
            : JsonField.Error($"{path}.file_data", "A file must have its content as a data: URL, such as data:application/pdf;base64,….");
    }

    private static bool HasText(JsonElement element, string name) => element.TryGetProperty(name, out var value) && JsonField.TryGetText(value, out _);
}
