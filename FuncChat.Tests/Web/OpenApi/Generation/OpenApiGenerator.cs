using System.Text.Json.Nodes;
using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Web.Formats;
using FuncChat.Web.OpenApi;
using FuncChat.Web.Routes;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Tests.Web.OpenApi.Generation;

/// <summary>Generates openapi.json from the route table, the descriptions of its routes, and the records of requests, responses and events.</summary>
internal sealed class OpenApiGenerator
{
    private const string Head =
        """
        {
          "openapi": "3.1.1",
          "info": {
            "title": "FuncChat",
            "version": "1.0.0",
            "description": "A streaming chat backend with automatic tool execution. Chats, searches and plans are turns: each is a log of numbered events, which can be followed again from any event, and stopped. A server may require a credential, but never for /api/health, /api/config and this document.",
            "license": { "name": "MIT", "identifier": "MIT" }
          },
          "servers": [{ "url": "/", "description": "The host that serves this document" }],
          "security": [{}, { "bearer": [] }, { "apiKey": [] }, { "azureApiKey": [] }],
          "tags": [
            { "name": "turns", "description": "Start, follow and stop turns" },
            { "name": "openai", "description": "OpenAI's API: set the base URL of a client to /api/v1" },
            { "name": "files", "description": "Images and documents that messages refer to" },
            { "name": "server", "description": "What this server offers, and its health" }
          ]
        }
        """;

    private const string SecuritySchemes =
        """
        {
          "bearer": { "type": "http", "scheme": "bearer", "description": "An ID or access token of a configured identity provider, or an API key. Send exactly one credential. Turns belong to its user." },
          "apiKey": { "type": "apiKey", "in": "header", "name": "X-Api-Key", "description": "An API key of this server." },
          "azureApiKey": { "type": "apiKey", "in": "header", "name": "api-key", "description": "An API key of this server, in the header that clients of Azure OpenAI use." }
        }
        """;

    private const string Headers =
        """
        {
          "TurnId": { "description": "The turn's id, with which you follow or stop it.", "schema": { "$ref": "#/components/schemas/TurnId" } },
          "RetryAfter": { "description": "The seconds to wait before you try again, if they are known.", "schema": { "type": "integer" } }
        }
        """;

    private readonly SchemaGenerator _schemas = new();
    private readonly SortedDictionary<string, JsonNode?> _parameters = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, JsonNode?> _responses = new(StringComparer.Ordinal);

    private OpenApiGenerator()
    {
    }

    public static JsonObject Generate(WireFormats formats) => new OpenApiGenerator().Document(formats);

    private JsonObject Document(WireFormats formats)
    {
        _schemas.RefTo("TurnId");
        _schemas.Components["WireFormat"] = new JsonObject { ["type"] = "string", ["enum"] = Array(formats.Names.Select(name => (JsonNode)name)) };
        foreach (var (kind, events) in EventKinds.All)
            _schemas.Components[kind] = new JsonObject { ["oneOf"] = Array(events.Select(RefTo)) };
        var document = (JsonObject)JsonNode.Parse(Head)!;
        document["paths"] = new JsonObject(ApiRoutes.All.GroupBy(route => route.Path).Select(path => KeyValuePair.Create($"/api/{path.Key.Replace("{*", "{", StringComparison.Ordinal)}", (JsonNode?)PathOf(path))));
        document["components"] = new JsonObject
        {
            ["securitySchemes"] = JsonNode.Parse(SecuritySchemes),
            ["parameters"] = new JsonObject(_parameters),
            ["headers"] = JsonNode.Parse(Headers),
            ["responses"] = new JsonObject(_responses),
            ["schemas"] = new JsonObject(_schemas.Components.Select(schema => KeyValuePair.Create(schema.Key, (JsonNode?)schema.Value))),
        };
        return document;
    }

    // An event is its name and its data: the fields that a stream has for it.
    private JsonNode RefTo(TurnEventType type)
    {
        var name = ComponentNames.OfEvent(type.RecordType);
        if (!_schemas.Components.ContainsKey(name))
        {
            var data = type.RecordType == typeof(MessageCompleteEvent)
                ? _schemas.RefTo("AssistantMessage")
                : _schemas.RefTo(EngineJson.Relaxed.GetTypeInfo(type.RecordType)!, isRequest: false);
            var schema = new JsonObject
            {
                ["type"] = "object",
                ["required"] = new JsonArray("event", "data"),
                ["properties"] = new JsonObject { ["event"] = new JsonObject { ["type"] = "string", ["const"] = type.Name }, ["data"] = data },
            };
            if (new XmlDocumentation().Of(type.RecordType) is { } description)
                schema.Insert(0, "description", description);
            _schemas.Components[name] = schema;
        }

        return _schemas.RefTo(name);
    }

    private JsonNode PathOf(IEnumerable<ApiRoute> routes)
    {
        var path = new JsonObject();
        var names = routes.First().Path.Split('/').Where(step => step.StartsWith('{')).Select(step => step.Trim('{', '*', '}')).ToList();
        if (names.Count > 0)
            path["parameters"] = Array(names.Select(name => ParameterOf(ApiParameters.InPath[name])));
        foreach (var route in routes)
        {
            Assert.True(ApiOperations.All.ContainsKey(route), $"{route.Methods[0]} /api/{route.Path} has no entry in ApiOperations.All.");
            path[route.Methods[0].ToLowerInvariant()] = OperationOf(route, ApiOperations.All[route]);
        }

        return path;
    }

    private JsonObject OperationOf(ApiRoute route, ApiOperation described)
    {
        var operation = new JsonObject { ["tags"] = new JsonArray(described.Tag), ["operationId"] = described.Id };
        if (described.IsDeprecated)
            operation["deprecated"] = true;
        operation["summary"] = described.Summary;
        if (described.Description is { } description)
            operation["description"] = description;
        if (route.IsOpen)
            operation["security"] = new JsonArray();
        if (described.Parameters.Count > 0)
            operation["parameters"] = Array(described.Parameters.Select(ParameterOf));
        if (described.Body is { } body)
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = ContentOf([body], isRequest: true) };
        var errors = described.Errors
            .Concat(route.IsOpen ? [] : [401, 403, 429, 503])
            .Concat(described.Body is null ? [] : [400, 413, 415])
            .Concat(route.Path.Contains('{', StringComparison.Ordinal) ? [StatusCodes.Status404NotFound] : []);
        operation["responses"] = new JsonObject(described.OtherResponses.Prepend(described.Response)
            .Concat(errors.Distinct().Select(status => described.Error with { Status = status }))
            .OrderBy(response => response.Status)
            .Select(response => KeyValuePair.Create($"{response.Status}", (JsonNode?)ResponseOf(response))));
        return operation;
    }

    private JsonNode ParameterOf(ApiParameter parameter)
    {
        var schema = new JsonObject { ["name"] = parameter.Name, ["in"] = parameter.In };
        if (parameter.In == "path")
            schema["required"] = true;
        (schema["description"], schema["schema"]) = (parameter.Description, JsonNode.Parse(parameter.Schema));
        return parameter.Component is { } name ? Shared("parameters", _parameters, name, schema) : schema;
    }

    private JsonNode ResponseOf(ApiResponse response)
    {
        var schema = new JsonObject { ["description"] = response.Description };
        if (response.Headers.Count > 0)
            schema["headers"] = new JsonObject(response.Headers.Select(header => KeyValuePair.Create(header.Key, (JsonNode?)Ref("headers", header.Value))));
        if (response.Content.Count > 0)
            schema["content"] = ContentOf(response.Content, isRequest: false);
        return response.Component is { } name ? Shared("responses", _responses, name, schema) : schema;
    }

    private JsonObject ContentOf(IReadOnlyList<ApiContent> contents, bool isRequest) => new(contents.Select(content =>
    {
        var schemas = content.Records.Select(record => _schemas.RefTo(record, isRequest)).Concat(content.Components.Select(_schemas.RefTo)).ToList<JsonNode>();
        var schema = schemas.Count == 1 ? schemas[0] : new JsonObject { ["anyOf"] = Array(schemas) };
        return KeyValuePair.Create(content.MediaType, (JsonNode?)new JsonObject { ["schema"] = schema });
    }));

    private static JsonObject Shared(string kind, SortedDictionary<string, JsonNode?> components, string name, JsonObject component)
    {
        components.TryAdd(name, component);
        return Ref(kind, name);
    }

    private static JsonObject Ref(string kind, string name) => new() { ["$ref"] = $"#/components/{kind}/{name}" };

    private static JsonArray Array(IEnumerable<JsonNode> nodes) => new([.. nodes]);
}
