using System.Text.Json.Nodes;
using FuncChat.Tests.Support;
using NJsonSchema;

namespace FuncChat.Tests.Web.OpenApi;

/// <summary>The OpenAPI document, with its references followed.</summary>
internal sealed class ApiDescription(JsonNode root)
{
    private const string Schemas = "#/components/schemas/";

    public JsonNode Root => root;

    public static ApiDescription Read() => new(JsonNode.Parse(File.ReadAllText(Repository.PathOf("FuncChat.Web", "OpenApi", "openapi.json")))!);

    /// <summary>A schema of the components, with all that it refers to in the place of the references.</summary>
    public JsonNode Schema(string name) => Resolve(root["components"]!["schemas"]![name]!);

    /// <summary>The fields of an object, with those of all its parts.</summary>
    public IReadOnlySet<string> FieldsOf(string name)
    {
        var schema = Schema(name);
        var parts = schema["allOf"]?.AsArray().Select(part => part!) ?? [schema];
        return parts.SelectMany(part => part["properties"]!.AsObject().Select(property => property.Key)).ToHashSet();
    }

    /// <summary>The events of a kind of turn: the schema of the data by the event's name.</summary>
    public IReadOnlyDictionary<string, JsonNode> EventsOf(string name) => Schema(name)["oneOf"]!.AsArray().ToDictionary(
        each => each!["properties"]!["event"]!["const"]!.GetValue<string>(), each => each!["properties"]!["data"]!);

    /// <summary>What in the JSON does not fit the schema; empty where all does.</summary>
    public static async Task<string> ErrorsAsync(JsonNode schema, string json) =>
        string.Join("; ", (await JsonSchema.FromJsonAsync(schema.ToJsonString())).Validate(json));

    /// <summary>Every reference, wherever it is.</summary>
    public IEnumerable<string> References() => Under(root).OfType<JsonObject>().Select(each => each["$ref"]?.GetValue<string>()).OfType<string>();

    /// <summary>What a reference of this document leads to, or null.</summary>
    public JsonNode? Find(string reference) =>
        reference.TrimStart('#', '/').Split('/').Aggregate<string, JsonNode?>(root, (node, step) => (node as JsonObject)?[step]);

    private static IEnumerable<JsonNode?> Under(JsonNode? node) => node switch
    {
        JsonObject each => each.SelectMany(property => Under(property.Value)).Prepend(node),
        JsonArray each => each.SelectMany(Under),
        _ => [],
    };

    private JsonNode Resolve(JsonNode node)
    {
        if ((node as JsonObject)?["$ref"]?.GetValue<string>() is { } reference && reference.StartsWith(Schemas, StringComparison.Ordinal))
            return Resolve(Find(reference)!);
        return node switch
        {
            JsonObject each => new JsonObject(each.Select(property => KeyValuePair.Create(property.Key, Inner(property.Value)))),
            JsonArray each => new JsonArray([.. each.Select(Inner)]),
            _ => node.DeepClone(),
        };
    }

    private JsonNode? Inner(JsonNode? node) => node is JsonObject or JsonArray ? Resolve(node) : node?.DeepClone();
}
