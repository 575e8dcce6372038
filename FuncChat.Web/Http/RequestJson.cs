using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using FuncChat.Engine;
using FuncChat.Tools;

namespace FuncChat.Web.Http;

/// <summary>
/// Reads request bodies into records in System.Text.Json's strict mode (<see cref="RequestJsonContext"/>) and reports the first error with its
/// JSON path. The body is untrusted.
/// </summary>
internal static partial class RequestJson
{
    // The limit of System.Text.Json.
    private const int MaxDepth = 64;

    // Names of fields are the caller's and can have any length.
    private const int MaxPathLength = 128;

    public static Result<T> Read<T>(ReadOnlyMemory<byte> body, JsonTypeInfo<T> type)
        where T : class
    {
        if (!Utf8.IsValid(body.Span))
            return JsonField.Error("$", "The body is not valid UTF-8.");
        try
        {
            if (JsonSerializer.Deserialize(body.Span, type) is not { } read)
                return JsonField.Error("$", "The body must be a JSON object.");
            return RequestConstraints.FindError(read, type, "$") is { } error ? error : read;
        }
        catch (JsonException e)
        {
            return ErrorOf(e, body, type);
        }
    }

    /// <summary>Identifies a body, so that the same one sent again is recognized.</summary>
    public static string Fingerprint(ReadOnlyMemory<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body.Span));

    /// <summary>The fields that a record has in JSON.</summary>
    public static IReadOnlyList<string> FieldsOf(JsonTypeInfo type) => [.. type.Properties.Select(property => property.Name)];

    /// <summary>The error of a body that is not JSON, or whose values are nested too deeply.</summary>
    public static AppError NotJson(JsonException e, ReadOnlyMemory<byte> body) => JsonField.Error("$", IsJson(body.Span)
        ? $"The body is nested deeper than {MaxDepth} levels."
        : $"The body is not valid JSON, at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");

    /// <summary>Whether an object in the body has a name twice. False for a body that is not JSON.</summary>
    public static bool HasRepeatedName(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return false;
        }
        catch (JsonException e)
        {
            // Without a line, the body is JSON whose names are not unique.
            return e.LineNumber is null;
        }
        catch (InvalidOperationException)
        {
            return false; // a name that is half a surrogate pair
        }
    }

    // However deep.
    private static bool IsJson(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = int.MaxValue });
            while (reader.Read())
            {
                // Only its end shows that it is valid.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static AppError ErrorOf(JsonException e, ReadOnlyMemory<byte> body, JsonTypeInfo type)
    {
        // The inner exception is the reader's if the text is not JSON, and a converter's, or missing, if it is.
        if (e.InnerException is JsonException)
            return NotJson(e, body);
        var path = e.Path is not { Length: > 0 } given ? "$" : TextCut.Ellipsize(given, MaxPathLength);
        if (HasRepeatedName(body))
            return JsonField.Error(path, "This field, or one in it, appears twice.");
        return MessageFor(e.Path ?? "$", type) is { } message
            ? JsonField.Error(path, message)
            : JsonField.Error("$", "The body must be a JSON object, and the names of its fields valid Unicode.");
    }

    // What the field at the path must be; null for the root.
    private static string? MessageFor(string path, JsonTypeInfo type)
    {
        JsonPropertyInfo? field = null;
        var isElement = false;
        foreach (Match step in Step().Matches(path))
        {
            if (!step.Groups["name"].Success)
            {
                isElement = step.Groups["index"].Success;
                continue;
            }

            if (field is not null)
                type = type.Options.GetTypeInfo(RequestConstraints.RecordTypeOf(field.PropertyType));
            isElement = false;
            field = type.Properties.FirstOrDefault(property => property.Name == step.Groups["name"].Value);
            if (field is null)
                return $"Unknown field. The fields are: {string.Join(", ", FieldsOf(type))}.";
        }

        return field is null ? null : RequestConstraints.Describe(field, isElement);
    }

    // The steps of a path such as $.answers[0].question or $['odd name'].
    [GeneratedRegex(
        @"\G(?:\$|\.(?<name>[^.\[\]']+)|\[(?<index>\d+)\]|\['(?<name>.*)'\])", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Step();
}
