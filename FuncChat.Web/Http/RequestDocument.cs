using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using FuncChat.Engine;
using FuncChat.Tools;

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
            return e.LineNumber is not null ? RequestJson.NotJson(e, body) : FindInvalidText(body) ?? RepeatedField(body);
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
        var steps = new Stack<Step>();
        FindInvalidText(document.RootElement, steps);
        return InvalidText(PathOf(steps));
    }

    private static AppError RepeatedField(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var steps = new Stack<Step>();
        FindRepeatedField(document.RootElement, steps);
        return JsonField.Error(PathOf(steps), "A field appears twice in the same object.");
    }

    private static AppError InvalidText(string path) => JsonField.Error(path, "This is not valid Unicode: half of a surrogate pair is missing in it.");

    private static bool FindRepeatedField(JsonElement json, Stack<Step> steps)
    {
        if (json.ValueKind == JsonValueKind.Array)
            return FindInElements(json, FindRepeatedField, steps);
        if (json.ValueKind != JsonValueKind.Object)
            return false;
        var names = json.GetPropertyCount() > 1 ? new HashSet<string>(StringComparer.Ordinal) : null;
        foreach (var field in json.EnumerateObject())
        {
            if (names?.Add(field.Name) == false || FindRepeatedField(field.Value, steps))
                return Found(new Step(field.Name, 0), steps);
        }

        return false;
    }

    private static bool FindInvalidText(JsonElement json, Stack<Step> steps)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                return HasHalf(JsonMarshal.GetRawUtf8Value(json));
            case JsonValueKind.Array:
                return FindInElements(json, FindInvalidText, steps);
            case JsonValueKind.Object:
                foreach (var field in json.EnumerateObject())
                {
                    // A path can't have such a name: it ends at the object.
                    if (HasHalf(JsonMarshal.GetRawUtf8PropertyName(field)))
                        return true;
                    if (FindInvalidText(field.Value, steps))
                        return Found(new Step(field.Name, 0), steps);
                }

                return false;
            default:
                return false;
        }
    }

    private static bool FindInElements(JsonElement array, Func<JsonElement, Stack<Step>, bool> find, Stack<Step> steps)
    {
        var place = 0;
        foreach (var element in array.EnumerateArray())
        {
            if (find(element, steps))
                return Found(new Step(null, place), steps);
            place++;
        }

        return false;
    }

    private static bool HasHalf(ReadOnlySpan<byte> json) => json.Contains((byte)'\\') && LoneSurrogates.AreIn(json.ToArray());

    private static bool Found(Step step, Stack<Step> steps)
    {
        steps.Push(step);
        return true;
    }

    private static string PathOf(Stack<Step> steps) =>
        steps.Aggregate("$", (path, step) => step.Name is { } name ? JsonField.PathTo(path, name) : $"{path}[{step.Place}]");

    // Steps are added on the way back from what was found, the last one first: a path for each element would cost a multiple of the body.
    private readonly record struct Step(string? Name, int Place);
}
