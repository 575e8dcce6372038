using System.Globalization;
using FuncChat.Tools;
using Newtonsoft.Json;
using NJsonSchema.Validation;

namespace FuncChat.Engine.Chat;

/// <summary>What a schema's validator has found, in words for models and people.</summary>
internal static class SchemaErrors
{
    private const int MaxErrors = 5;

    // Of errors in the same words.
    private const int MostRead = 50;
    private const int MaxAlternatives = 4;

    // Names come from the model, and values from the schema of a server that may be hostile.
    private const int MaxLength = 100;

    /// <summary>The first errors, such as `count must be at most 10; color is missing`.</summary>
    public static string Describe(IEnumerable<ValidationError> errors) =>
        string.Join("; ", errors.SelectMany(Details).Take(MostRead).Select(DescribeOne).Distinct(StringComparer.Ordinal).Take(MaxErrors));

    // An item, or a part of an allOf, has errors of its own, with their own places.
    private static IEnumerable<ValidationError> Details(ValidationError error) =>
        error.Kind is ValidationErrorKind.ArrayItemNotValid or ValidationErrorKind.AdditionalItemNotValid or ValidationErrorKind.AdditionalPropertiesNotValid
            or ValidationErrorKind.NotAllOf && Inner(error).SelectMany(errors => errors).SelectMany(Details).ToList() is { Count: > 0 } details
            ? details
            : [error];

    private static IEnumerable<IEnumerable<ValidationError>> Inner(ValidationError error) => error switch
    {
        ChildSchemaValidationError children => children.Errors.Values,
        MultiTypeValidationError types => types.Errors.Values,
        _ => [],
    };

    private static string DescribeOne(ValidationError error) =>
        error.Kind is ValidationErrorKind.NotAnyOf or ValidationErrorKind.NoTypeValidates && Alternatives(error) is { } alternatives
            ? alternatives
            : $"{PlaceOf(error)} {FlawOf(error)}";

    // What each of the schemas asks for; null if one of them is satisfied.
    private static string? Alternatives(ValidationError error)
    {
        var each = Inner(error).Select(Describe).Distinct(StringComparer.Ordinal).ToList();
        return each.Count is > 0 and <= MaxAlternatives && each.TrueForAll(text => text.Length > 0) ? string.Join(", or ", each) : null;
    }

    private static string PlaceOf(ValidationError error) =>
        error.Path?.TrimStart('#', '/') is { Length: > 0 } path ? TextCut.Ellipsize(path, MaxLength) : "the value";

    private static string FlawOf(ValidationError error)
    {
        var schema = error.Schema.ActualSchema;
        return error.Kind switch
        {
            ValidationErrorKind.PropertyRequired => "is missing",
            ValidationErrorKind.NoAdditionalPropertiesAllowed when schema.ActualProperties.Count > 0 => $"is not one of {Listed(schema.ActualProperties.Keys)}",
            ValidationErrorKind.NoAdditionalPropertiesAllowed or ValidationErrorKind.ExcludedSchemaValidates => "is not allowed",
            ValidationErrorKind.StringExpected => "must be a string",
            ValidationErrorKind.NumberExpected => "must be a number",
            ValidationErrorKind.IntegerExpected => "must be a whole number",
            ValidationErrorKind.BooleanExpected => "must be true or false",
            ValidationErrorKind.ObjectExpected => "must be an object",
            ValidationErrorKind.ArrayExpected => "must be an array",
            ValidationErrorKind.NullExpected => "must be null",
            ValidationErrorKind.NotInEnumeration => $"must be one of {Listed(schema.Enumeration.Select(JsonConvert.SerializeObject))}",
            ValidationErrorKind.PatternMismatch => $"must match the pattern {TextCut.Ellipsize(BoundedValidator.PatternOf(schema) ?? "", MaxLength)}",
            ValidationErrorKind.StringTooShort => $"must have at least {Count(schema.MinLength, "character")}",
            ValidationErrorKind.StringTooLong => $"must have at most {Count(schema.MaxLength, "character")}",
            ValidationErrorKind.NumberTooSmall when schema.ExclusiveMinimum is { } bound => Invariant($"must be more than {bound}"),
            ValidationErrorKind.NumberTooSmall => Invariant($"must be {(schema.IsExclusiveMinimum ? "more than" : "at least")} {schema.Minimum}"),
            ValidationErrorKind.NumberTooBig when schema.ExclusiveMaximum is { } bound => Invariant($"must be less than {bound}"),
            ValidationErrorKind.NumberTooBig => Invariant($"must be {(schema.IsExclusiveMaximum ? "less than" : "at most")} {schema.Maximum}"),
            ValidationErrorKind.IntegerTooBig => "is too large",
            ValidationErrorKind.NumberNotMultipleOf or ValidationErrorKind.IntegerNotMultipleOf => Invariant($"must be a multiple of {schema.MultipleOf}"),
            ValidationErrorKind.TooFewItems => $"must have at least {Count(schema.MinItems, "item")}",
            ValidationErrorKind.TooManyItems => $"must have at most {Count(schema.MaxItems, "item")}",
            ValidationErrorKind.TooManyItemsInTuple => "has too many items",
            ValidationErrorKind.ItemsNotUnique => "must not have an item twice",
            ValidationErrorKind.TooFewProperties => $"must have at least {Count(schema.MinProperties, "property", "properties")}",
            ValidationErrorKind.TooManyProperties => $"must have at most {Count(schema.MaxProperties, "property", "properties")}",
            ValidationErrorKind.DateTimeExpected => "must be a time such as 2026-01-31T12:00:00Z",
            ValidationErrorKind.DateExpected => "must be a date such as 2026-01-31",
            ValidationErrorKind.TimeExpected => "must be a time of day such as 12:00:00Z",
            ValidationErrorKind.TimeSpanExpected => "must be a duration",
            ValidationErrorKind.UriExpected => "must be a URI",
            ValidationErrorKind.IpV4Expected => "must be an IPv4 address",
            ValidationErrorKind.IpV6Expected => "must be an IPv6 address",
            ValidationErrorKind.GuidExpected or ValidationErrorKind.UuidExpected => "must be a UUID",
            ValidationErrorKind.EmailExpected => "must be an email address",
            ValidationErrorKind.HostnameExpected => "must be a host name",
            ValidationErrorKind.Base64Expected => "must be Base64",
            ValidationErrorKind.NotAnyOf => "must match one of the alternatives",
            _ => "does not match the schema",
        };
    }

    private static string Listed(IEnumerable<string> values) => TextCut.Ellipsize(string.Join(", ", values), MaxLength);

    private static string Count(int? number, string one, string? many = null) => Invariant($"{number} {(number == 1 ? one : many ?? one + "s")}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
