using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Tools.Fetch;
using FuncChat.Web.Http;

namespace FuncChat.Web.Chat;

/// <summary>
/// Checks the fields of a part that its type does not have. They reach the provider, which may know them, such as `cache_control`; but none may be or hold content of
/// another type, or the address of a private host, since these are not checked.
/// </summary>
internal static class PartFields
{
    private const int MaxScheme = 32;

    private static readonly char[] Ignored = [.. Enumerable.Range(0, ' ' + 1).Select(code => (char)code)];

    // Names of content alone, so wherever they are. They are compared without "_", "-" and case: providers have image_url and imageUrl.
    private static readonly HashSet<string> Media = Names(
        "image_url", "image_urls", "input_image", "input_audio", "audio_url", "input_video", "video_url", "file_id", "file_data", "file_url", "file_uri", "input_file", "document_url",
        "inline_data");

    // Names that deeper in a field can mean anything.
    private static readonly HashSet<string> Others = Names(
        "text", "refusal", "image", "images", "audio", "video", "file", "files", "document", "source", "data", "url", "urls", "uri", "path", "input_text");

    // What an object must have to be content.
    private static readonly HashSet<string> Data = [.. Media, .. Names("data", "url", "uri", "bytes", "base64")];
    private static readonly HashSet<string> PartData = [.. Data, .. Others.Except(Names("path")), "content"];

    private static readonly HashSet<string> PartTypes =
        [.. Media, .. Names("text", "input_text", "output_text", "refusal", "image", "audio", "video", "file", "document", "media", "container_upload", "search_result")];

    private static readonly HashSet<string> MediaTypes = [.. PartTypes.Except(Names("text", "input_text", "output_text", "refusal", "search_result"))];

    private static readonly HashSet<string> SchemaTypes = Names("string", "number", "integer", "boolean", "array", "object", "null");

    private static readonly HashSet<string> SourceTypes = Names("base64", "url", "text", "content", "file");

    private static readonly HashSet<string> Holders = Names("image", "audio", "video", "file", "document");

    private enum Place
    {
        Other,

        /// <summary>What it is made of is the client's own.</summary>
        Metadata,

        /// <summary>It may hold texts that the client found.</summary>
        WithinMetadata,

        /// <summary>Clients return them as a provider sent them. They refer to content, and are none.</summary>
        Citations,
    }

    /// <param name="known">The fields that are checked elsewhere.</param>
    public static AppError? FindError(JsonElement element, string path, params ReadOnlySpan<string> known)
    {
        foreach (var field in element.EnumerateObject())
        {
            if (known.Contains(field.Name))
                continue;
            var name = NameOf(field.Name);
            if ((Media.Contains(name) || Others.Contains(name)) && !IsEmpty(field.Value))
                return JsonField.Error(JsonField.PathTo(path, field.Name), $"A part of this type has no such field. Its fields are: {string.Join(", ", known)}.");
            var place = name is "annotations" or "citations" ? Place.Citations : name == "metadata" ? Place.Metadata : Place.Other;
            if (FindErrorWithin(field.Value, place) is { } error)
                return error with { Path = JsonField.PathTo(path, field.Name) + error.Path };
        }

        return null;
    }

    // The path of an error is relative to the value: there may be many values, and few errors.
    private static AppError? FindErrorWithin(JsonElement value, Place place)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String when !JsonField.TryGetText(value, out var text) || IsPrivateAddress(text!):
                return JsonField.Error("", "This field is not one of the part's type, so it must contain no address but a public one of http or https.");
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray())
                {
                    if (FindErrorWithin(item, Within(place)) is { } error)
                        return error with { Path = $"[{index}]{error.Path}" };
                    index++;
                }

                return null;
            case JsonValueKind.Object when TypesOf(place) is { } types && IsOfType(value, types) && Has(value, PartData):
                return ContentError();
            case JsonValueKind.Object:
                foreach (var field in value.EnumerateObject())
                {
                    if (FindErrorOfField(field, place) is { } error)
                        return error with { Path = JsonField.PathTo("", field.Name) + error.Path };
                }

                return null;
            default:
                return null;
        }
    }

    private static AppError? FindErrorOfField(JsonProperty field, Place place)
    {
        var name = NameOf(field.Name);
        var isContent = place != Place.Citations
            && (Media.Contains(name) ? HasContent(field.Value) && !IsSchema(field.Value) && !(place == Place.Metadata && field.Value.ValueKind == JsonValueKind.String)
                : Holders.Contains(name) ? Has(field.Value, Data)
                : name == "source" && IsOfType(field.Value, SourceTypes) && Has(field.Value, PartData));
        return isContent ? ContentError() : FindErrorWithin(field.Value, Within(place));
    }

    private static Place Within(Place place) => place == Place.Metadata ? Place.WithinMetadata : place;

    private static HashSet<string>? TypesOf(Place place) => place switch
    {
        Place.Other => PartTypes,
        Place.WithinMetadata => MediaTypes,
        _ => null,
    };

    // Of a property with the name of content.
    private static bool IsSchema(JsonElement value) => IsOfType(value, SchemaTypes) && !Has(value, Data);

    private static AppError ContentError() =>
        JsonField.Error("", "This is content within a field that is not one of the part's type. Send it as a part of its own.");

    private static bool IsOfType(JsonElement element, HashSet<string> types) =>
        element.ValueKind == JsonValueKind.Object
        && element.EnumerateObject().Any(field => NameOf(field.Name) == "type" && JsonField.TryGetText(field.Value, out var type) && types.Contains(NameOf(type!)));

    // The source of a text can be its name.
    private static bool Has(JsonElement element, HashSet<string> names) =>
        element.ValueKind == JsonValueKind.Object
        && element.EnumerateObject().Any(field => NameOf(field.Name) is var name && names.Contains(name) && HasContent(field.Value) && !(name == "source" && field.Value.ValueKind == JsonValueKind.String));

    private static bool HasContent(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => !value.ValueEquals(""),
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.EnumerateObject().Any(),
        _ => false,
    };

    // Parsers leave out control characters, and read backslashes as slashes. With a space in its scheme, a text is prose; a scheme of one letter is a drive.
    private static bool IsPrivateAddress(string text)
    {
        var start = string.Concat(text.TrimStart(Ignored).Where(letter => letter >= ' ').Take(MaxScheme)).Replace('\\', '/');
        var isAddress = start.StartsWith("//", StringComparison.Ordinal) ? text.Contains('.', StringComparison.Ordinal) || text.Contains(':', StringComparison.Ordinal)
            : start.IndexOf(":/", StringComparison.Ordinal) is var colon and > 1 && !start.StartsWith("s3:", StringComparison.OrdinalIgnoreCase) && start[..colon].All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '+' or '-' or '.');
        return isAddress && !PublicUrl.Is(text.Trim());
    }

    private static HashSet<string> Names(params ReadOnlySpan<string> names)
    {
        var set = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
            set.Add(NameOf(name));
        return set;
    }

    private static string NameOf(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    private static bool IsEmpty(JsonElement value) => value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.String && value.ValueEquals(""));
}
