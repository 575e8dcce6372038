using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.Validation;

namespace FuncChat.Engine.Chat;

/// <summary>Validates one value, up to an amount of work: the alternatives of a hostile schema can multiply with each level of the value, and its names and values with each item.</summary>
internal sealed class BoundedValidator : JsonSchemaValidator
{
    private const long MostWork = 500_000;
    private const int WorkOfCheck = 5;
    private const int NamesPerWork = 4;
    private const int LettersPerWork = 16;

    private long _work;

    /// <summary>Does not check formats.</summary>
    public BoundedValidator()
    {
    }

    public BoundedValidator(JsonSchemaValidatorSettings formats)
        : base(formats)
    {
    }

    /// <exception cref="InvalidOperationException">There were too many checks.</exception>
    protected override ICollection<ValidationError> Validate(JToken token, JsonSchema schema, SchemaType schemaType, string? propertyName, string propertyPath)
    {
        long members = (token as JContainer)?.Count ?? 0;
        _work += WorkOfCheck + members + schema.Properties.Count + schema.RequiredProperties.Count + (members * schema.Properties.Count / NamesPerWork);

        // Each value of an enumeration is compared with the whole of the token, as text.
        if (schema.Enumeration.Count > 0)
            _work += schema.Enumeration.Count * (token is JContainer container ? container.DescendantsAndSelf().Sum(SizeOf) : 1);
        return _work <= MostWork ? base.Validate(token, schema, schemaType, propertyName, propertyPath) : throw new InvalidOperationException("The schema takes too long to check.");
    }

    private static long SizeOf(JToken token) => token is JValue { Value: string text } ? 1 + (text.Length / LettersPerWork) : 1;
}
