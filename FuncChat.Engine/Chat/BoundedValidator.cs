using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.Validation;

namespace FuncChat.Engine.Chat;

/// <summary>Validates one value, up to a number of checks: the alternatives of a hostile schema can multiply with each level of the value.</summary>
internal sealed class BoundedValidator : JsonSchemaValidator
{
    private const int MostChecks = 100_000;

    private int _checks;

    /// <summary>Does not check formats.</summary>
    public BoundedValidator()
    {
    }

    public BoundedValidator(JsonSchemaValidatorSettings formats)
        : base(formats)
    {
    }

    /// <exception cref="InvalidOperationException">There were too many checks.</exception>
    protected override ICollection<ValidationError> Validate(JToken token, JsonSchema schema, SchemaType schemaType, string? propertyName, string propertyPath) =>
        ++_checks <= MostChecks ? base.Validate(token, schema, schemaType, propertyName, propertyPath) : throw new InvalidOperationException("The schema takes too long to check.");
}
