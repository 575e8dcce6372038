using System.Diagnostics;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.Validation;

namespace FuncChat.Engine.Chat;

/// <summary>Validates one value, up to an amount of work: the alternatives of a hostile schema can multiply with each level of the value, and its names and values with each item.</summary>
internal sealed class BoundedValidator : JsonSchemaValidator
{
    /// <summary>Where a schema has its pattern: the library would match it without a time limit.</summary>
    public const string Pattern = "x-pattern";

    private const long MostWork = 500_000;
    private const int WorkOfCheck = 5;
    private const int NamesPerWork = 4;
    private const int LettersPerWork = 16;

    // Of each pattern, and of all before it together: one that backtracks can take forever.
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(1);

    private long _work;
    private TimeSpan _matching;

    /// <summary>Does not check formats.</summary>
    public BoundedValidator()
    {
    }

    public BoundedValidator(JsonSchemaValidatorSettings formats)
        : base(formats)
    {
    }

    /// <summary>The pattern of a schema; null if it has none.</summary>
    public static string? PatternOf(JsonSchema schema) => schema.ExtensionData?.TryGetValue(Pattern, out var pattern) == true ? pattern as string : null;

    /// <summary>Whether the text is a regular expression.</summary>
    public static bool IsPattern(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.None, MostTime);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <exception cref="InvalidOperationException">There were too many checks.</exception>
    /// <exception cref="RegexMatchTimeoutException">A pattern took too long.</exception>
    protected override ICollection<ValidationError> Validate(JToken token, JsonSchema schema, SchemaType schemaType, string? propertyName, string propertyPath)
    {
        long members = (token as JContainer)?.Count ?? 0;
        _work += WorkOfCheck + members + schema.Properties.Count + schema.RequiredProperties.Count + (members * schema.Properties.Count / NamesPerWork);

        // Each value of an enumeration is compared with the whole of the token, as text.
        if (schema.Enumeration.Count > 0)
            _work += schema.Enumeration.Count * (token is JContainer container ? container.DescendantsAndSelf().Sum(SizeOf) : 1);
        if (_work > MostWork || _matching > MostTime)
            throw new InvalidOperationException("The schema takes too long to check.");
        var errors = base.Validate(token, schema, schemaType, propertyName, propertyPath);
        return PatternOf(schema) is { } pattern && token is JValue { Value: string text } && !IsMatch(text, pattern)
            ? [.. errors, new ValidationError(ValidationErrorKind.PatternMismatch, propertyName, propertyPath, token, schema)]
            : errors;
    }

    private bool IsMatch(string text, string pattern)
    {
        var started = Stopwatch.GetTimestamp();
        var isMatch = Regex.IsMatch(text, pattern, RegexOptions.None, MostTime);
        _matching += Stopwatch.GetElapsedTime(started);
        return isMatch;
    }

    private static long SizeOf(JToken token) => token is JValue { Value: string text } ? 1 + (text.Length / LettersPerWork) : 1;
}
