using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization.Metadata;
using FuncChat.Engine;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Web.Threads;

namespace FuncChat.Web.Http;

/// <summary>
/// Checks what the attributes of a request's record require of its fields, which openapi.json is generated from too. Rules that need more than one field are
/// the record's own.
/// </summary>
internal static class RequestConstraints
{
    // Reading attributes by reflection costs more than checking what they require.
    private static readonly ConcurrentDictionary<JsonPropertyInfo, object[]> Attributes = new();

    /// <summary>The first field of a record that breaks its constraints.</summary>
    /// <param name="path">The record's JSON path.</param>
    public static AppError? FindError(object record, JsonTypeInfo type, string path)
    {
        foreach (var field in type.Properties)
        {
            // Most fields are missing, and need no path.
            var error = field.Get?.Invoke(record) switch
            {
                null => AttributeOf<RequiredAttribute>(field) is { } required ? JsonField.Error($"{path}.{field.Name}", required.ErrorMessage!) : null,
                IList list => FindErrorOfList(list, field, $"{path}.{field.Name}"),
                var value => FindErrorOfValue(value, field, $"{path}.{field.Name}", isElement: false),
            };
            if (error is not null)
                return error;
        }

        return null;
    }

    /// <summary>What a field, or each element of its array, must be.</summary>
    public static string Describe(JsonPropertyInfo field, bool isElement)
    {
        var type = isElement ? RecordTypeOf(field.PropertyType) : Nullable.GetUnderlyingType(field.PropertyType) ?? field.PropertyType;
        var range = AttributeOf<RangeAttribute>(field);
        return FormattableString.Invariant(type switch
        {
            _ when type == typeof(bool) => $"This must be true or false.",
            _ when type == typeof(int) => $"This must be a whole number from {range!.Minimum} to {range.Maximum}.",
            _ when type == typeof(double) => $"This must be a number from {range!.Minimum} to {range.Maximum}.",
            _ when type == typeof(string) && AttributeOf<TextAttribute>(field) is { } text => $"This must be a string of 1 to {text.MaxLength} characters, not only whitespace.",
            _ when type == typeof(string) && AttributeOf<TurnIdAttribute>(field) is not null => $"A turn_id has 8 to 64 letters, digits, '_' and '-'.",
            _ when type == typeof(string) && AttributeOf<ThreadIdAttribute>(field) is not null => $"{ThreadIdField.Rule}",
            _ when type == typeof(string) => $"This must be a string of valid Unicode.",
            _ when !isElement && AttributeOf<LengthAttribute>(field) is { } length => $"This must be an array of {length.MinimumLength} to {length.MaximumLength} {field.Name}.",
            _ => $"This must be an object with the fields {string.Join(", ", RequestJson.FieldsOf(field.Options.GetTypeInfo(type)))}.",
        });
    }

    /// <summary>The type of a field's value, or of the elements of its array.</summary>
    public static Type RecordTypeOf(Type type) => type.IsGenericType ? type.GetGenericArguments()[0] : type;

    public static T? AttributeOf<T>(JsonPropertyInfo field)
        where T : Attribute =>
        Array.Find(Attributes.GetOrAdd(field, ReadAttributes), attribute => attribute is T) as T;

    private static object[] ReadAttributes(JsonPropertyInfo field) => field.AttributeProvider?.GetCustomAttributes(inherit: true) ?? [];

    private static AppError? FindErrorOfList(IList list, JsonPropertyInfo field, string path)
    {
        if (AttributeOf<LengthAttribute>(field)?.IsValid(list) == false)
            return JsonField.Error(path, Describe(field, isElement: false));
        for (var index = 0; index < list.Count; index++)
        {
            var elementPath = $"{path}[{index}]";
            var error = list[index] is { } element
                ? FindErrorOfValue(element, field, elementPath, isElement: true)
                : JsonField.Error(elementPath, Describe(field, isElement: true));
            if (error is not null)
                return error;
        }

        return AttributeOf<DistinctAttribute>(field) is { } distinct && DistinctAttribute.FindDuplicate(list) is >= 0 and var duplicate
            ? JsonField.Error($"{path}[{duplicate}]", distinct.Message)
            : null;
    }

    private static AppError? FindErrorOfValue(object value, JsonPropertyInfo field, string path, bool isElement)
    {
        var isValid = value switch
        {
            string text => AttributeOf<TextAttribute>(field)?.IsValid(text) != false && AttributeOf<TurnIdAttribute>(field)?.IsValid(text) != false
                && AttributeOf<ThreadIdAttribute>(field)?.IsValid(text) != false,
            int or double => AttributeOf<RangeAttribute>(field)?.IsValid(value) != false,
            _ => true,
        };
        if (!isValid)
            return JsonField.Error(path, Describe(field, isElement));
        if (AttributeOf<AllowedValuesAttribute>(field) is { } allowed && !allowed.IsValid(value))
            return JsonField.Error(path, $"This must be {string.Join(", ", allowed.Values[..^1])} or {allowed.Values[^1]}.");
        return value is IRequestRecord ? FindError(value, field.Options.GetTypeInfo(value.GetType()), path) : null;
    }
}

/// <summary>A record within a request, whose own fields have constraints.</summary>
internal interface IRequestRecord;

/// <summary>Text of bounded length that is not only whitespace; on an array, each of its elements.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TextAttribute(int maxLength) : ValidationAttribute
{
    public int MaxLength => maxLength;

    public override bool IsValid(object? value) => value is string text && text.Length <= maxLength && !string.IsNullOrWhiteSpace(text);
}

/// <summary>An array without duplicates.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DistinctAttribute(string message) : ValidationAttribute
{
    public string Message => message;

    /// <summary>The position of the first element that is equal to an earlier one, or -1.</summary>
    public static int FindDuplicate(IList list) =>
        Enumerable.Range(0, list.Count).Select(index => (int?)index).FirstOrDefault(index => list.IndexOf(list[index!.Value]) < index) ?? -1;
}

/// <summary>The caller's own id of a turn.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TurnIdAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is string text && TurnKey.IsTurnId(text);
}

/// <summary>The id of a thread, which the caller may have chosen.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ThreadIdAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is string text && ThreadKey.IsThreadId(text);
}
