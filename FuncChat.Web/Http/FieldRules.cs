using System.Text.Json;
using FuncChat.Engine;

namespace FuncChat.Web.Http;

/// <summary>What the value of a field must be. Returns the first error, or null. A null in the request counts as absent and is not checked.</summary>
internal delegate AppError? FieldRule(JsonElement value, string path);

/// <summary>A field of an object.</summary>
internal sealed record Field(string Name, FieldRule Rule, bool IsRequired = false);

/// <summary>
/// The types of fields on the routes of other protocols. Fields without a rule are ignored there, since clients send what newer versions of the protocol have.
/// </summary>
internal static class FieldRules
{
    public static FieldRule Any { get; } = static (_, _) => null;

    public static FieldRule Flag { get; } = static (value, path) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : JsonField.Error(path, "This must be true or false.");

    public static FieldRule AnyText { get; } = static (value, path) => JsonField.TryGetText(value, out _) ? null : JsonField.Error(path, "This must be a string.");

    public static FieldRule AnyObject { get; } = Object();

    public static FieldRule Text(int maxLength) => (value, path) =>
        JsonField.TryGetText(value, out var text) && text!.Length <= maxLength ? null : JsonField.Error(path, $"This must be a string of at most {maxLength} characters.");

    public static FieldRule NonEmptyText(int maxLength) => (value, path) =>
        JsonField.TryGetText(value, out var text) && text!.Length > 0 && text.Length <= maxLength ? null : JsonField.Error(path, $"This must be a string of 1 to {maxLength} characters.");

    public static FieldRule OneOf(params string[] values) => (value, path) =>
        JsonField.TryGetText(value, out var text) && values.Contains(text, StringComparer.Ordinal)
            ? null
            : JsonField.Error(path, values.Length == 1 ? $"This must be {values[0]}." : $"This must be one of: {string.Join(", ", values)}.");

    public static FieldRule Number(double least, double most) => (value, path) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most
            ? null
            : JsonField.Error(path, FormattableString.Invariant($"This must be a number from {least} to {most}."));

    public static FieldRule WholeNumber(long least, long most) => (value, path) =>
        JsonField.WholeNumberOf(value) is { } number && number >= least && number <= most
            ? null
            : JsonField.Error(path, FormattableString.Invariant($"This must be a whole number from {least} to {most}."));

    public static FieldRule ArrayOf(FieldRule element, int most = int.MaxValue) => (value, path) =>
    {
        if (value.ValueKind != JsonValueKind.Array)
            return JsonField.Error(path, "This must be an array.");
        if (value.GetArrayLength() > most)
            return JsonField.Error(path, $"This must be an array of at most {most} elements.");
        foreach (var (place, each) in value.EnumerateArray().Index())
        {
            if (element(each, $"{path}[{place}]") is { } error)
                return error;
        }

        return null;
    };

    public static FieldRule Object(params Field[] fields) => (value, path) =>
        value.ValueKind == JsonValueKind.Object ? FindError(value, path, fields) : JsonField.Error(path, "This must be an object.");

    /// <summary>An object with names of the client's choice.</summary>
    public static FieldRule Map(FieldRule each, int most = int.MaxValue, int maxNameLength = int.MaxValue) => (value, path) =>
    {
        if (value.ValueKind != JsonValueKind.Object)
            return JsonField.Error(path, "This must be an object.");
        if (value.GetPropertyCount() > most)
            return JsonField.Error(path, $"This must have at most {most} fields.");
        foreach (var field in value.EnumerateObject())
        {
            var fieldPath = JsonField.PathTo(path, field.Name);
            if (field.Name.Length > maxNameLength)
                return JsonField.Error(fieldPath, $"The name of a field must have at most {maxNameLength} characters.");
            if (each(field.Value, fieldPath) is { } error)
                return error;
        }

        return null;
    };

    /// <summary>A value of one of several JSON types: each type has a rule of its own.</summary>
    public static FieldRule ByType(string message, params (JsonValueKind Type, FieldRule Rule)[] rules) => (value, path) =>
    {
        foreach (var (type, rule) in rules)
        {
            if (value.ValueKind == type)
                return rule(value, path);
        }

        return JsonField.Error(path, message);
    };

    /// <summary>The first of the fields that is missing or wrong.</summary>
    /// <param name="path">The path of the object.</param>
    public static AppError? FindError(JsonElement owner, string path, IReadOnlyList<Field> fields)
    {
        foreach (var (name, rule, isRequired) in fields)
        {
            var isGiven = JsonField.TryGet(owner, name, out var value);
            var error = isGiven ? rule(value, $"{path}.{name}") : isRequired ? JsonField.Error($"{path}.{name}", "This is missing.") : null;
            if (error is not null)
                return error;
        }

        return null;
    }
}
