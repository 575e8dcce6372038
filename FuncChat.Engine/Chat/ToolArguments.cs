using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using FuncChat.Engine.Models;
using FuncChat.Tools;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.Validation;

namespace FuncChat.Engine.Chat;

/// <summary>Checks a tool call's arguments, which the model wrote, against the tool's schema.</summary>
internal sealed class ToolArguments
{
    private static readonly JsonSchemaValidatorSettings Formats = new();

    private readonly ConditionalWeakTable<Tool, Task<JsonSchema>> _schemas = [];

    /// <summary>The arguments as they are meant: an object that was encoded twice is unwrapped, and a `"5"` for an integer is 5.</summary>
    public static string Normalize(Tool tool, string arguments) =>
        ToolCallText.ToObject(arguments) is { } json ? ArgumentCoercion.Apply(json, tool.Function.JsonSchema) : arguments;

    /// <summary>A sentence for the model about what is wrong with the arguments, or null if they are valid. Never throws.</summary>
    public async Task<string?> FindErrorAsync(Tool tool, string arguments)
    {
        try
        {
            // One reader would take the first value of a repeated name, and another the last: what was checked and approved would not be what runs.
            using var document = JsonDocument.Parse(arguments, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (System.Text.Json.JsonException e) when (e.LineNumber is null)
        {
            return "The arguments have a property twice in the same object.";
        }
        catch (System.Text.Json.JsonException e)
        {
            return $"The arguments are not valid JSON: {e.Message}";
        }

        try
        {
            // Formats are for the tool to read: a "uri" may be a relative one.
            return Describe(tool, new BoundedValidator().Validate(Read(arguments), await _schemas.GetValue(tool, static tool => CheckableSchema.ReadAsync(tool.Function.JsonSchema))));
        }
        catch (Exception)
        {
            // The validator has limits of its own. The tool reports what it can't use.
            return null;
        }
    }

    /// <summary>A sentence about what is wrong with a person's answer, or null if it matches the schema. Never throws.</summary>
    public static async Task<string?> FindErrorAsync(JsonElement schema, RawJson content)
    {
        try
        {
            var form = await CheckableSchema.ReadAsync(schema);

            // A person fills in the fields of the form only.
            if (form.Properties.Count > 0 && !schema.TryGetProperty("additionalProperties", out _))
                form.AllowAdditionalProperties = false;
            // The formats as well, which the person can still correct: a server would refuse the answer, and the call would fail.
            var errors = new BoundedValidator(Formats).Validate(Read(Encoding.UTF8.GetString(content.Utf8.Span)), form);
            return errors.Count == 0 ? null : $"The answer does not match the request's schema: {SchemaErrors.Describe(errors)}.";
        }
        catch (Exception)
        {
            return null;
        }
    }

    // The validator fails at an integer of more than 64 bits, so it gets the nearest one.
    private static JToken Read(string json)
    {
        var read = JsonConvert.DeserializeObject<JToken>(json, new JsonSerializerSettings { DateParseHandling = DateParseHandling.None })!;
        foreach (var value in (read as JContainer)?.DescendantsAndSelf().OfType<JValue>().Where(value => value.Value is BigInteger).ToList() ?? [])
            value.Value = (BigInteger)value.Value! < 0 ? long.MinValue : ulong.MaxValue;
        return read;
    }

    private static string? Describe(Tool tool, ICollection<ValidationError> errors) => errors.Count == 0
        ? null
        : $"The arguments do not match the tool's schema: {SchemaErrors.Describe(errors)}. "
            + $"The schema is {tool.Function.JsonSchema.GetRawText()}";
}
