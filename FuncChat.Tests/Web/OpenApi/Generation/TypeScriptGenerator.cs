using System.Text;
using System.Text.Json.Nodes;

namespace FuncChat.Tests.Web.OpenApi.Generation;

/// <summary>Generates the page's types of events from the components of the OpenAPI document.</summary>
internal sealed class TypeScriptGenerator
{
    // The page's own types of what it also sends.
    private static readonly Dictionary<string, string> Imported = new() { ["AssistantMessage"] = "AssistantMessage", ["Message"] = "ChatMessage" };

    private readonly JsonObject _components;
    private readonly SortedDictionary<string, string> _types = new(StringComparer.Ordinal);

    private TypeScriptGenerator(JsonObject document) => _components = document["components"]!["schemas"]!.AsObject();

    public static string Generate(JsonObject document)
    {
        var generator = new TypeScriptGenerator(document);
        var kinds = EventKinds.All.Keys.Select(generator.KindOf).ToList();
        return $"""
            // Generated from the records of events on the server. CONTRIBUTING.md describes how to update it.
            import type {'{'} {string.Join(", ", Imported.Values)} {'}'} from "./messages";

            {string.Join("\n\n", generator._types.Values.Concat(kinds))}

            """;
    }

    private string KindOf(string union)
    {
        var events = _components[union]!["oneOf"]!.AsArray().Select(each => Find(each!)!["properties"]!)
            .Select(each => (Name: each["event"]!["const"]!.GetValue<string>(), Data: TypeOf(each["data"]!))).ToList();
        var kind = union[..^"Event".Length].ToLowerInvariant();
        var text = new StringBuilder($"/** The data of the events of a {kind}, by their names. */\nexport interface {union}Data {{\n");
        foreach (var (name, data) in events)
            text.Append($"  readonly {name}: {data};\n");
        text.Append($"}}\n\n/** The names of the events of a {kind}. */\nexport const {kind}EventNames: Readonly<Record<keyof {union}Data, true>> = {{\n");
        foreach (var (name, _) in events)
            text.Append($"  {name}: true,\n");
        return text.Append("};").ToString();
    }

    private JsonNode? Find(JsonNode reference) => _components[reference["$ref"]!.GetValue<string>().Split('/')[^1]];

    private string TypeOf(JsonNode schema)
    {
        if (schema["$ref"] is { } reference)
            return NameOf(reference.GetValue<string>().Split('/')[^1]);
        if (schema["enum"] is JsonArray values)
            return string.Join(" | ", values.Select(value => $"\"{value}\""));
        return schema["type"] switch
        {
            JsonArray types => string.Join(" | ", types.Select(each => Single(each!.GetValue<string>(), schema))),
            JsonValue type => Single(type.GetValue<string>(), schema),
            _ => throw new NotSupportedException($"No TypeScript for {schema.ToJsonString()}."),
        };
    }

    private string Single(string type, JsonNode schema) => type switch
    {
        "integer" or "number" => "number",
        "array" => $"readonly {(TypeOf(schema["items"]!) is var item && item.Contains(' ', StringComparison.Ordinal) ? $"({item})" : item)}[]",
        "object" when schema["additionalProperties"] is JsonObject values => $"Readonly<Record<string, {TypeOf(values)}>>",
        "object" => "object",
        _ => type,
    };

    private string NameOf(string component)
    {
        if (Imported.TryGetValue(component, out var imported))
            return imported;
        if (_components[component] is { } schema && schema["properties"] is null && schema["enum"] is null)
            return TypeOf(schema);
        if (_types.TryAdd(component, ""))
            _types[component] = Declare(component, _components[component]!);
        return component;
    }

    private string Declare(string name, JsonNode schema)
    {
        var text = new StringBuilder(CommentOf(schema, indent: ""));
        if (schema["enum"] is JsonArray values)
            return text.Append($"export type {name} =\n").AppendJoin('\n', values.Select(value => $"  | \"{value}\"")).Append(';').ToString();
        text.Append($"export interface {name} {{\n");
        var required = schema["required"]?.AsArray().Select(field => field!.GetValue<string>()).ToHashSet(StringComparer.Ordinal) ?? [];
        foreach (var (field, type) in schema["properties"]!.AsObject())
            text.Append($"{CommentOf(type!, indent: "  ")}  readonly {field}{(required.Contains(field) ? "" : "?")}: {TypeOf(type!)};\n");
        return text.Append('}').ToString();
    }

    private static string CommentOf(JsonNode schema, string indent) =>
        schema["description"] is { } description ? $"{indent}/** {description} */\n" : "";
}
