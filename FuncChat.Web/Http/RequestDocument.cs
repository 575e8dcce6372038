using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using FuncChat.Engine;
using FuncChat.Engine.Models.OpenAi;

namespace FuncChat.Web.Http;

/// <summary>
/// Parses the bodies of routes that ignore fields they don't know, and whose fields are read one by one. A body is an object whose names are unique and whose
/// strings are valid Unicode, however deep, so that everything in it can be stored, read again and passed on.
/// </summary>
internal static class RequestDocument
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static async ValueTask<Result<T>> ReadAsync<T>(ReadOnlyMemory<byte> body, Func<JsonElement, ValueTask<Result<T>>> read)
        where T : class
    {
        if (!Utf8.IsValid(body.Span))
            return JsonField.Error("$", "The body is not valid UTF-8.");
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, Strict);
        }
        catch (JsonException e)
        {
            // Without a line, the body is JSON whose names are not unique.
            return e.LineNumber is not null ? RequestJson.NotJson(e) : FindInvalidText(body) ?? RepeatedField(body);
        }
        catch (InvalidOperationException)
        {
            // Unique names are compared as text.
            return FindInvalidText(body) ?? InvalidText("$");
        }

        using (document)
        {
            return document.RootElement.ValueKind != JsonValueKind.Object ? JsonField.Error("$", "The body must be a JSON object.")
                : FindInvalidText(body) is { } error ? error
                : await read(document.RootElement);
        }
    }

    /// <summary>The error of the first string that has half of a surrogate pair, which JSON can express but no text can hold; null if there is none.</summary>
    /// <param name="json">Valid JSON.</param>
    public static AppError? FindInvalidText(ReadOnlyMemory<byte> json)
    {
        if (!LoneSurrogates.AreIn(json))
            return null;
        using var document = JsonDocument.Parse(json);
        return InvalidText(PathOfInvalidText(document.RootElement, "$"));
    }

    private static AppError RepeatedField(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonField.Error(PathOfRepeatedField(document.RootElement, "$") ?? "$", "A field appears twice in the same object.");
    }

    private static string? PathOfRepeatedField(JsonElement json, string path)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (var (place, element) in json.EnumerateArray().Index())
            {
                if (PathOfRepeatedField(element, $"{path}[{place}]") is { } repeated)
                    return repeated;
            }
        }
        else if (json.ValueKind == JsonValueKind.Object)
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var field in json.EnumerateObject())
            {
                var fieldPath = JsonField.PathTo(path, field.Name);
                if (!names.Add(field.Name))
                    return fieldPath;
                if (PathOfRepeatedField(field.Value, fieldPath) is { } repeated)
                    return repeated;
            }
        }

        return null;
    }

    private static AppError InvalidText(string path) => JsonField.Error(path, "This is not valid Unicode: half of a surrogate pair is missing in it.");

    private static string PathOfInvalidText(JsonElement json, string path)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (var (place, element) in json.EnumerateArray().Index())
            {
                if (HasHalf(JsonMarshal.GetRawUtf8Value(element)))
                    return PathOfInvalidText(element, $"{path}[{place}]");
            }
        }
        else if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (var field in json.EnumerateObject())
            {
                if (!HasHalf(JsonMarshal.GetRawUtf8PropertyName(field)) && HasHalf(JsonMarshal.GetRawUtf8Value(field.Value)))
                    return PathOfInvalidText(field.Value, JsonField.PathTo(path, field.Name));
            }
        }

        return path;
    }

    private static bool HasHalf(ReadOnlySpan<byte> json) => LoneSurrogates.AreIn(json.ToArray());
}
