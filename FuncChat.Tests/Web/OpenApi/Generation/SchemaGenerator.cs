using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FuncChat.Engine;
using FuncChat.Tests.Support;
using FuncChat.Web.Http;

namespace FuncChat.Tests.Web.OpenApi.Generation;

/// <summary>
/// Generates a schema for each record that the API reads or writes: System.Text.Json exports the shapes, attributes add the constraints, and XML
/// documentation the descriptions. Every record is a component.
/// </summary>
internal sealed class SchemaGenerator
{
    private static readonly JsonObject Raw = (JsonObject)JsonNode.Parse(File.ReadAllText(Repository.PathOf("FuncChat.Web", "OpenApi", "raw.json")))!;

    private readonly XmlDocumentation _documentation = new();
    private readonly Dictionary<string, Type> _records = [];

    /// <summary>The components so far. The properties of an object appear in the order of the record.</summary>
    public SortedDictionary<string, JsonNode> Components { get; } = new(StringComparer.Ordinal);

    /// <summary>Refers to a component of raw.json, or to one that is already there.</summary>
    public JsonObject RefTo(string component)
    {
        if (!Components.ContainsKey(component))
        {
            var schema = Components[component] = Raw[component]?.DeepClone() ?? throw new InvalidOperationException($"raw.json has no component '{component}'.");
            foreach (var inner in References(schema).ToList())
                RefTo(inner);
        }

        return new JsonObject { ["$ref"] = $"#/components/schemas/{component}" };
    }

    /// <summary>Refers to the component of a record, and generates it if it is new.</summary>
    /// <param name="isRequest">Whether clients send it: null then counts as absent, and other fields are refused.</param>
    public JsonObject RefTo(JsonTypeInfo type, bool isRequest)
    {
        var name = ComponentNames.Of(type.Type);
        if (_records.TryAdd(name, type.Type))
            Components[name] = Generate(type, isRequest);
        else if (_records[name] != type.Type)
            throw new InvalidOperationException($"Two records have the component name {name}: add one of them to ComponentNames.");
        return RefTo(name);
    }

    private JsonObject Generate(JsonTypeInfo type, bool isRequest)
    {
        Components[ComponentNames.Of(type.Type)] = new JsonObject(); // A record may refer to itself.
        var exported = type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, schema) => Transform(context, schema, isRequest),
        })["properties"]?.AsObject() ?? [];
        var groups = type.Properties.GroupBy(property => Member(property).DeclaringType!).ToList();
        var own = ObjectOf(type.Type, groups.FirstOrDefault(group => group.Key == type.Type) ?? Enumerable.Empty<JsonPropertyInfo>(), exported, isRequest);
        var bases = groups.Where(group => group.Key != type.Type).ToList();
        if (bases.Count == 0)
        {
            if (isRequest)
                own["additionalProperties"] = false;
            return own;
        }

        // A base record is a component too, so that what requests share has one name.
        var parts = new JsonArray();
        foreach (var group in bases)
        {
            var name = ComponentNames.Of(group.Key);
            Components[name] = ObjectOf(group.Key, group, exported, isRequest);
            parts.Add(RefTo(name));
        }

        if (own.ContainsKey("properties"))
        {
            own.Remove("description");
            parts.Add(own);
        }

        return new JsonObject { ["description"] = _documentation.Of(type.Type), ["allOf"] = parts, ["unevaluatedProperties"] = false };
    }

    private JsonObject ObjectOf(Type type, IEnumerable<JsonPropertyInfo> properties, JsonObject exported, bool isRequest)
    {
        var schema = new JsonObject();
        if (_documentation.Of(type) is { } description)
            schema["description"] = description;
        schema["type"] = "object";
        var required = properties.Where(property => IsRequired(property, isRequest)).Select(property => (JsonNode)property.Name).ToArray();
        if (required.Length > 0)
            schema["required"] = new JsonArray(required);
        var fields = properties.Select(property => KeyValuePair.Create(property.Name, exported[property.Name]?.DeepClone())).ToList();
        if (fields.Count > 0)
            schema["properties"] = new JsonObject(fields);
        return schema;
    }

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode exported, bool isRequest)
    {
        if (context.Path.Length == 0)
            return exported;
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var property = context.PropertyInfo;
        var schema = BaseOf(type, context, property, exported, isRequest);
        if (property is null)
            return schema;
        Constrain(schema, property);
        if (property.IsGetNullable && !(isRequest ? IsRequired(property, isRequest) : IsLeftOut(property)))
            schema = OrNull(schema);
        if (_documentation.Of(Member(property)) is { } description)
            schema["description"] = description;
        if (Member(property) is { Name: nameof(ProblemDocument.Detail) } detail && detail.DeclaringType == typeof(ProblemDocument))
            schema["x-ms-primary-error-message"] = true;
        return schema;
    }

    private JsonObject BaseOf(Type type, JsonSchemaExporterContext context, JsonPropertyInfo? property, JsonNode exported, bool isRequest)
    {
        if (property is not null && RequestConstraints.AttributeOf<RawJsonAttribute>(property) is { } raw)
            return raw.IsArray ? ArrayOf(raw.Component) : RefTo(raw.Component);
        if (property is not null && RequestConstraints.AttributeOf<TurnIdAttribute>(property) is not null)
            return RefTo("OwnTurnId");
        if (type == typeof(RawJson))
            return RefTo("Message");
        if (type.IsAssignableTo(typeof(IEnumerable<RawJson>)))
            return ArrayOf("Message");
        if (type == typeof(JsonElement))
            throw new InvalidOperationException($"{property?.Name ?? context.TypeInfo.Type.Name} is raw JSON: give it a [RawJson] attribute.");
        if (type == typeof(JsonText))
            return new JsonObject { ["type"] = "string" };
        if (type == typeof(int)) // has a converter of its own in requests
            return new JsonObject { ["type"] = "integer" };
        if (type.IsEnum)
        {
            var name = ComponentNames.Of(type);
            Components.TryAdd(name, new JsonObject { ["type"] = "string", ["description"] = _documentation.Of(type), ["enum"] = exported["enum"]!.DeepClone() });
            return RefTo(name);
        }

        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object && type.Namespace!.StartsWith("FuncChat", StringComparison.Ordinal))
            return RefTo(context.TypeInfo, isRequest);
        var schema = exported as JsonObject ?? [];
        if (schema["type"] is JsonArray types)
            schema["type"] = types.Select(each => each!.GetValue<string>()).Single(each => each != "null");
        return schema;
    }

    private JsonObject ArrayOf(string component) => new() { ["type"] = "array", ["items"] = RefTo(component) };

    private static void Constrain(JsonObject schema, JsonPropertyInfo property)
    {
        var element = schema["items"] as JsonObject ?? schema["additionalProperties"] as JsonObject ?? schema;
        if (RequestConstraints.AttributeOf<RangeAttribute>(property) is { } range)
            (schema["minimum"], schema["maximum"]) = (JsonValue.Create(Convert.ToDecimal(range.Minimum)), JsonValue.Create(Convert.ToDecimal(range.Maximum)));
        if (RequestConstraints.AttributeOf<LengthAttribute>(property) is { } length)
        {
            if (length.MinimumLength > 0)
                schema["minItems"] = length.MinimumLength;
            schema["maxItems"] = length.MaximumLength;
        }

        if (RequestConstraints.AttributeOf<RawJsonAttribute>(property) is { MinLength: > 0 and var minLength })
            schema["minItems"] = minLength;
        if (RequestConstraints.AttributeOf<DistinctAttribute>(property) is not null)
            schema["uniqueItems"] = true;
        if (RequestConstraints.AttributeOf<TextAttribute>(property) is { } text)
            (element["minLength"], element["maxLength"]) = (1, text.MaxLength);
        if (RequestConstraints.AttributeOf<ThreadIdAttribute>(property) is not null)
            element["pattern"] = "^[A-Za-z0-9_-]{8,64}$";
        if (RequestConstraints.AttributeOf<AllowedValuesAttribute>(property) is { } allowed)
            element["enum"] = new JsonArray([.. allowed.Values.OfType<string>().Select(value => (JsonNode)value)]);
    }

    private static JsonObject OrNull(JsonObject schema)
    {
        if (schema["type"] is JsonValue type)
            schema["type"] = new JsonArray(type.GetValue<string>(), "null");
        else if (schema["$ref"] is { } reference && !reference.GetValue<string>().EndsWith("/OwnTurnId", StringComparison.Ordinal))
            return new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
        return schema;
    }

    private static bool IsRequired(JsonPropertyInfo property, bool isRequest) =>
        isRequest ? RequestConstraints.AttributeOf<RequiredAttribute>(property) is not null : !(property.IsGetNullable && IsLeftOut(property));

    private static bool IsLeftOut(JsonPropertyInfo property) =>
        (RequestConstraints.AttributeOf<JsonIgnoreAttribute>(property)?.Condition ?? property.Options.DefaultIgnoreCondition) == JsonIgnoreCondition.WhenWritingNull;

    private static MemberInfo Member(JsonPropertyInfo property) => (MemberInfo)property.AttributeProvider!;

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject each => each.SelectMany(property => property.Key == "$ref" ? [property.Value!.GetValue<string>().Split('/')[^1]] : References(property.Value)),
        JsonArray each => each.SelectMany(References),
        _ => [],
    };
}
