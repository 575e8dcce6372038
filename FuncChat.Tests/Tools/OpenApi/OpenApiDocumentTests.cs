using System.Text.Json;
using FuncChat.Tools;
using FuncChat.Tools.OpenApi;

namespace FuncChat.Tests.Tools.OpenApi;

/// <summary>Documents as generators and large APIs publish them.</summary>
public sealed class OpenApiDocumentTests
{
    private static readonly JsonElement File = JsonElement.Parse("""{"base64":"aGk=","name":"a.bin"}""");

    [Fact]
    public void Reference_that_leads_nowhere_is_any_value_and_spoils_nothing_else()
    {
        var (operations, leftOut) = Read(
            """
            "/first": { "post": { "operationId": "first", "requestBody": { "content": { "application/json": { "schema":
              { "type": "object", "properties": { "size": { "type": "integer" }, "name": { "$ref": "#/components/schemas/Name" } } } } } } } },
            "/second": { "post": { "operationId": "second", "requestBody": { "content": { "application/json": { "schema": { "type": "object", "properties": {
              "size": { "$ref": "#/paths/~1first/post/requestBody/content/application~1json/schema/properties/size" },
              "lost": { "$ref": "#/components/schemas/None" }, "elsewhere": { "$ref": "other.json#/Name" } } } } } } } }
            """,
            """ "Name": { "type": "string", "description": "A name." } """);

        Assert.Equal(["first", "second"], operations.Select(operation => operation.Id));
        Assert.Equal("""{"type":"string","description":"A name."}""", PropertyOf(operations[0], "name").GetRawText());
        Assert.All(["size", "lost", "elsewhere"], name => Assert.Equal("{}", PropertyOf(operations[1], name).GetRawText()));
        Assert.Empty(leftOut);
    }

    [Fact]
    public void Schema_shows_less_of_what_it_refers_to_when_all_would_be_too_much()
    {
        // Each of 30 refers to all others: in full, more than all computers could hold.
        var names = Enumerable.Range(0, 30).Select(number => $"Part{number}").ToList();
        var properties = string.Join(',', names.Select(name => $$""" "{{name}}": { "$ref": "#/components/schemas/{{name}}" } """));
        var (operations, leftOut) = Read(
            """ "/parts": { "post": { "operationId": "create", "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Part0" } } } } } } """,
            string.Join(',', names.Select(name => $$""" "{{name}}": { "type": "object", "description": "The {{name}}.", "properties": { {{properties}} } } """)));

        var part = PropertyOf(Assert.Single(operations), "Part7");
        Assert.Equal("The Part7.", part.GetProperty("description").GetString());
        Assert.True(operations[0].Schema.GetRawText().Length <= 64 * 1024);
        Assert.Empty(leftOut);
    }

    [Fact]
    public void Schema_that_is_referred_to_often_is_not_copied_when_all_would_be_too_much()
    {
        string Properties(int count, string schema) => string.Join(',', Enumerable.Range(0, count).Select(number => $"\"p{number}\": {schema}"));
        var document = $$"""
            { "openapi": "3.0.3", "info": { "title": "A", "version": "1" },
              "paths": { "/wide": { "post": { "operationId": "wide", "requestBody": { "content": { "application/json": { "schema": {
                "properties": { {{Properties(500, """{ "$ref": "#/components/schemas/Large" }""")}} } } } } } } } },
              "components": { "schemas": { "Large": { "type": "object", "properties": { {{Properties(1000, """{ "type": "string", "description": "text" }""")}} } } } } }
            """;
        var before = GC.GetAllocatedBytesForCurrentThread();

        var operations = ApiDocument.Read(document, ["wide"], [], [], [], CancellationToken.None);

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal("object", PropertyOf(Assert.Single(operations), "p499").GetProperty("type").GetString());
        Assert.InRange(allocated, 0, 60L * 1024 * 1024);
    }

    [Fact]
    public void Parameters_that_are_too_large_together_are_left_out()
    {
        var parameters = string.Join(',', Enumerable.Range(0, 20).Select(number => $$"""{ "name": "p{{number}}", "in": "query", "schema": { "enum": ["{{new string('a', 5000)}}"] } }"""));
        var (operations, leftOut) = Read($$""" "/wide": { "get": { "operationId": "wide", "parameters": [{{parameters}}] } } """, allowed: "wide");

        Assert.Empty(operations);
        Assert.Equal(["wide (its schema is too large)"], leftOut);
    }

    [Fact]
    public void Document_is_read_no_further_when_its_time_is_over()
    {
        Assert.ThrowsAny<OperationCanceledException>(() => ApiDocument.Read(
            """{ "openapi": "3.0.3", "info": { "title": "A", "version": "1" }, "paths": { "/a": { "get": { "operationId": "a", "parameters": [{ "name": "q", "in": "query" }] } } } }""",
            ["a"], [], [], [], new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Names_of_a_path_are_not_each_compared_with_all_parameters()
    {
        static string Many(Func<int, string> item, string separator) => string.Join(separator, Enumerable.Range(0, 500).Select(item));
        var document = $$"""
            { "openapi": "3.0.3", "info": { "title": "A", "version": "1" },
              "paths": { "/{{Many(number => $"{{p{number}}}", "/")}}": { "get": { "operationId": "get", "parameters": [{{Many(number => $$"""{ "$ref": "#/components/parameters/p{{number}}" }""", ",")}}] } } },
              "components": { "parameters": { {{Many(number => $$""" "p{{number}}": { "name": "p{{number}}", "in": "path", "required": true } """, ",")}} } } }
            """;
        var before = GC.GetAllocatedBytesForCurrentThread();

        var operation = Assert.Single(ApiDocument.Read(document, ["get"], [], [], [], CancellationToken.None));

        Assert.Equal(500, operation.Operation.Parameters.Count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40L * 1024 * 1024);
    }

    /// <summary>The library gives up this document, so that each of its parts is read alone.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Version_and_path_are_not_copied_for_each_part_that_is_read_alone(bool isVersion)
    {
        var large = new string('a', 100_000);
        var document = $$"""
            { "openapi": "3.0.3{{(isVersion ? large : "")}}", "info": { "title": "A", "version": "1" }, "paths": { "/a": { "get": { "operationId": "get" } }, "/{{(isVersion ? "" : large)}}": { "get": { "parameters": [{ "$ref": "" }] },
              {{string.Join(',', Enumerable.Range(0, 300).Select(number => $$""" "x-{{number}}": {} """))}} } } }
            """;
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.ThrowsAny<OperationCanceledException>(() => ApiDocument.Read(document, ["get"], [], [], [], new CancellationToken(canceled: true)));
        Assert.Equal(isVersion ? 0 : 1, ApiDocument.Read(document, ["get"], [], [], [], CancellationToken.None).Count);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40L * 1024 * 1024);
    }

    [Fact]
    public void Operation_whose_path_has_an_undeclared_name_is_left_out_and_named()
    {
        var (operations, leftOut) = Read(
            """
            "/users/{id}": { "get": { "operationId": "get" }, "put": { "operationId": "put", "parameters": [{ "name": "id", "in": "query" }] },
              "delete": { "operationId": "delete", "parameters": [{ "name": "id", "in": "path", "required": true }] } },
            "/users({key})/{id": { "parameters": [{ "name": "key", "in": "path", "required": true }], "get": {} }
            """, "", "get", "put", "delete", "GET /users({key})/{id");

        Assert.Equal(["delete", "get/users({key})/{id"], operations.Select(operation => operation.Id));
        Assert.Equal(["get (its path has {id}, which is not a parameter)", "put (its path has {id}, which is not a parameter)"], leftOut);
    }

    [Theory]
    [InlineData("User/properties/mail")]
    [InlineData("User/properties/tags/items")]
    [InlineData("User/allOf/1/properties/a~1b")]
    [InlineData("Mail")]
    [InlineData("ns~1Mail")]
    [InlineData("ns~1User/properties/mail")]
    public void Reference_into_a_schema_is_followed(string place)
    {
        var (operations, _) = Read(
            $$"""
            "/a": { "post": { "operationId": "send", "requestBody": { "content": { "application/json": { "schema": { "properties": {
              "mail": { "$ref": "#/components/schemas/{{place}}" }, "lost": { "$ref": "#/components/schemas/User/properties/none/items" } } } } } } } }
            """,
            """
            "Mail": { "type": "string", "format": "email" }, "ns/Mail": { "type": "string", "format": "email" },
            "ns/User": { "properties": { "mail": { "type": "string", "format": "email" } } },
            "User": { "properties": { "mail": { "type": "string", "format": "email" }, "tags": { "type": "array", "items": { "$ref": "#/components/schemas/Mail" } } },
              "allOf": [{}, { "properties": { "a/b": { "$ref": "#/components/schemas/User/properties/mail" } } }] }
            """);

        Assert.Equal("""{"type":"string","format":"email"}""", PropertyOf(Assert.Single(operations), "mail").GetRawText());
        Assert.Equal("{}", PropertyOf(operations[0], "lost").GetRawText());
    }

    [Fact]
    public void Second_operation_of_an_id_is_left_out_and_named()
    {
        var (operations, leftOut) = Read(
            """ "/a": { "get": { "operationId": "list", "summary": "First." } }, "/b": { "get": { "operationId": "list" } }, "/c": { "get": { "operationId": "list" } } """, "", "list", "GET /c");

        Assert.Equal("First.", Assert.Single(operations).Description);
        Assert.Equal(["GET /b (another operation has the id list)", "GET /c (another operation has the id list)"], leftOut);
    }

    [Fact]
    public void Operation_is_left_out_alone_and_named_when_its_schema_is_too_large()
    {
        var (operations, leftOut) = Read(
            $$"""
            "/large": { "get": { "operationId": "large", "parameters": [{ "name": "q", "in": "query", "schema": { "type": "string", "enum": ["{{new string('a', 70_000)}}"] } }] } },
            "/small": { "get": { } }
            """,
            allowed: ["large", "GET /small", "gone"]);

        Assert.Equal("get/small", Assert.Single(operations).Id);
        Assert.Equal(["large (its schema is too large)", "gone (not in the document)"], leftOut);
    }

    [Theory]
    [InlineData(""" "parameters": [{ "$ref": "#/components/parameters/loop" }] """)]
    [InlineData(""" "requestBody": { "$ref": "#/components/requestBodies/loop" } """)]
    [InlineData(""" "parameters": [{ "name": "q", "in": "query", "schema": { "type": "number", "minimum": "few" } }] """)]
    public void Operation_is_left_out_alone_and_named_when_its_description_is_not_valid(string description)
    {
        var (operations, leftOut) = Read(
            $$""" "/odd": { "post": { "operationId": "odd", {{description}} } }, "/good": { "get": { "operationId": "good" } } """,
            """ } , "parameters": { "loop": { "$ref": "#/components/parameters/loop" } }, "requestBodies": { "loop": { "$ref": "#/components/requestBodies/loop" } """,
            "odd", "good");

        Assert.Equal("good", Assert.Single(operations).Id);
        Assert.Equal(["odd (its description is not valid)"], leftOut);
    }

    [Theory]
    [InlineData(""" "requestBody": { "content": { "application/json": { "schema": { "$ref": "" } } } } """)]
    [InlineData(""" "requestBody": { "content": { "application/json": { "schema": { "$ref": "#" } } } } """)]
    [InlineData(""" "requestBody": { "content": { "application/json": { "schema": { "$ref": "#////" } } } } """)]
    [InlineData(""" "requestBody": { "content": { "application/json": { "schema": { "properties": { "a": { "$ref": "#////" } } } } } } """)]
    [InlineData(""" "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/" } } } } """)]
    [InlineData(""" "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components//Name" } } } } """)]
    [InlineData(""" "requestBody": { "content": { "application/json": { "schema": { "$ref": "http://[" } } } } """)]
    [InlineData(""" "requestBody": { "content": { "application/json": { "schema": { "$ref": "%" } } } } """)]
    [InlineData(""" "requestBody": { "content": { "application/json": { "schema": { "$ref": 5 } } } } """)]
    [InlineData(""" "requestBody": { "$ref": "" } """)]
    [InlineData(""" "requestBody": { "$ref": "#////" } """)]
    [InlineData(""" "parameters": [{ "$ref": "" }] """)]
    [InlineData(""" "parameters": [{ "$ref": "#////" }] """)]
    [InlineData(""" "parameters": [{ "$ref": "#/components/parameters/" }] """)]
    [InlineData(""" "parameters": [5, null, "q"] """)]
    [InlineData(""" "parameters": { "q": 5 } """)]
    [InlineData(""" "responses": { "200": { "$ref": "" } } """)]
    [InlineData(""" "responses": { "200": { "$ref": "#////" } } """)]
    [InlineData(""" "responses": [] """)]
    [InlineData(""" "summary": "\ud800" """)]
    [InlineData(""" "summary": 5 """)]
    [InlineData(""" "tags": ["\udfff"] """)]
    [InlineData(""" "x-\ud83d": 1 """)]
    [InlineData(""" "parameters": [{ "name": "\ud83d", "in": "query" }] """)]
    [InlineData(""" "requestBody": { "content": { "application/json": { "schema": { "enum": ["\ud83d"] } } } } """)]
    [InlineData(""" "requestBody": 5 """)]
    [InlineData(""" "requestBody": { "content": 5 } """)]
    [InlineData(""" "externalDocs": { "url": "http://[" } """)]
    [InlineData(""" "servers": [{ "url": "http://[" }] """)]
    [InlineData(""" "security": [{ "\ud83d": 5 }] """)]
    [InlineData(""" "callbacks": { "a": { "$ref": "" } } """)]
    [InlineData(""" "operationId": "odd" """)]
    [InlineData(""" "summary": "a", "summary": "b" """)]
    public void Odd_operation_costs_no_other(string description)
    {
        var (operations, leftOut) = Read(
            $$""" "/odd": { "post": { "operationId": "odd", {{description}} } }, "/good": { "get": { "operationId": "good" } } """, """ "Name": { "type": "string" } """, "odd", "good");

        var ids = operations.Select(operation => operation.Id).ToList();
        Assert.Contains("good", ids);
        Assert.Equal(ids.Contains("odd") ? [] : ["odd (its description is not valid)"], leftOut);
    }

    [Fact]
    public void Path_and_method_that_are_there_twice_cost_no_other()
    {
        var (operations, _) = Read(
            """ "/odd": { "get": { } }, "/odd": { "get": { "operationId": "first" }, "get": { "operationId": "odd" } }, "/good": { "get": { "operationId": "good" } } """, "", "odd", "good");

        Assert.Equal(["good", "odd"], operations.Select(operation => operation.Id));
    }

    [Fact]
    public void Path_that_is_there_twice_has_the_operations_of_both()
    {
        var (operations, leftOut) = Read(
            """
            "/a": { "get": { "operationId": "first" }, "put": { "operationId": "old" } },
            "/a": { "post": { "operationId": "second" }, "put": { "operationId": "send" } }
            """, "", "first", "second", "send");

        Assert.Equal(["first", "second", "send"], operations.Select(operation => operation.Id));
        Assert.Empty(leftOut);
    }

    [Theory]
    [InlineData("  /a: { get: {} }\n  /a: { post: {} }", "Line 5: the object has this name twice.")]
    [InlineData("  /a: { get: {} }\n  /b: [", "Line 6: ")]
    public void Error_of_a_document_in_YAML_names_the_line(string paths, string reason)
    {
        var failure = Assert.Throws<InvalidDataException>(() => ApiDocument.Read(
            $"openapi: 3.0.3\ninfo: {{ title: A, version: \"1\" }}\npaths:\n{paths}\n", ["GET /a"], [], [], [], CancellationToken.None));

        Assert.StartsWith($"This is not an OpenAPI document. {reason}", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(300)]
    public void Schema_that_is_nested_deeply_costs_no_operation_that_does_not_use_it(int depth)
    {
        var deep = string.Concat(Enumerable.Repeat(""" "properties": { "a": { """, depth)) + new string('}', 2 * depth);

        var (operations, _) = Read(""" "/good": { "get": { "operationId": "good" } } """, $$""" "Odd": { {{deep}} } """, "good");

        Assert.Equal("good", Assert.Single(operations).Id);
    }

    [Fact]
    public void Odd_parameter_of_a_path_costs_its_operations()
    {
        var (operations, leftOut) = Read(
            """ "/odd": { "parameters": [{ "$ref": "" }], "get": { "operationId": "odd" }, "put": { } }, "/good": { "get": { "operationId": "good" } } """, "", "odd", "PUT /odd", "good");

        Assert.Equal("good", Assert.Single(operations).Id);
        Assert.Equal(["odd (its description is not valid)", "PUT /odd (its description is not valid)"], leftOut);
    }

    [Theory]
    [InlineData(""" "$ref": "" """)]
    [InlineData(""" "$ref": "#////" """)]
    [InlineData(""" "description": "\ud800" """)]
    public void Odd_schema_costs_no_operation_that_does_not_use_it(string schema)
    {
        var (operations, _) = Read(""" "/good": { "get": { "operationId": "good" } } """, $$""" "Odd": { {{schema}} } """, "good");

        Assert.Equal("good", Assert.Single(operations).Id);
    }

    [Theory]
    [InlineData("""{ $ref: "" }""")]
    [InlineData("""{ $ref: "#////" }""")]
    [InlineData("""{ description: "\uD800" }""")]
    public void Odd_operation_of_a_document_in_YAML_costs_no_other(string schema)
    {
        var operations = ApiDocument.Read(
            $$"""
            openapi: 3.0.3
            info: { title: A, version: "1" }
            paths:
              /odd: { post: { operationId: odd, requestBody: { content: { application/json: { schema: {{schema}} } } } } }
              /good: { get: { operationId: good } }
            """,
            ["odd", "good"], [], [], [], CancellationToken.None);

        Assert.Contains("good", operations.Select(operation => operation.Id));
    }

    [Fact]
    public void Path_that_is_a_reference_to_itself_costs_no_other()
    {
        var leftOut = new List<string>();
        var operations = ApiDocument.Read(
            """
            { "openapi": "3.1.0", "info": { "title": "A", "version": "1" },
              "paths": { "/odd": { "$ref": "#/components/pathItems/loop" }, "/good": { "get": { "operationId": "good" } } },
              "components": { "pathItems": { "loop": { "$ref": "#/components/pathItems/loop" } } } }
            """,
            ["GET /odd", "good"], [], [], leftOut, CancellationToken.None);

        Assert.Equal("good", Assert.Single(operations).Id);
        Assert.Equal(["GET /odd (not in the document)"], leftOut);
    }

    [Fact]
    public void Operation_with_too_many_parameters_is_left_out()
    {
        var parameters = string.Join(',', Enumerable.Range(0, 1001).Select(number => $$"""{ "name": "p{{number}}", "in": "query" }"""));
        var (operations, leftOut) = Read($$""" "/wide": { "get": { "operationId": "wide", "parameters": [{{parameters}}] } } """, allowed: "wide");

        Assert.Empty(operations);
        Assert.Equal(["wide (it has more than 1000 parameters)"], leftOut);
    }

    [Theory]
    [InlineData("/../../admin")]
    [InlineData("/%2e%2E/admin")]
    [InlineData("""/..\\admin""")]
    [InlineData("/a/../..")]
    public async Task Path_that_leads_out_of_the_address_is_not_requested(string path)
    {
        var (operations, _) = Read($$""" "{{path}}": { "delete": { "operationId": "send" } } """);

        var refused = await Assert.ThrowsAsync<ToolException>(() => operations.Single().Operation.ToRequestAsync(
            new Uri("https://api.test/v1/"), new Dictionary<string, object?>(), null, CancellationToken.None));

        Assert.Equal("The path of the operation leads out of the address of the API.", refused.Message);
    }

    [Theory]
    [InlineData("\"*/*\": {}", """{"a":1}""", "application/json; charset=utf-8", """{"a":1}""")]
    [InlineData("\"application/json-patch+json\": {}, \"application/merge-patch+json\": {}", """{"a":1}""", "application/merge-patch+json", """{"a":1}""")]
    [InlineData("\"application/vnd.api+json\": {}", """{"a":1}""", "application/vnd.api+json", """{"a":1}""")]
    [InlineData("\"application/xml\": {}, \"application/json\": {}", """{"a":1}""", "application/json; charset=utf-8", """{"a":1}""")]
    [InlineData("\"text/plain\": { \"schema\": { \"type\": \"string\" } }", "\"ä\"", "text/plain; charset=utf-8", "ä")]
    [InlineData("\"text/plain; charset=iso-8859-1\": {}", "\"ä\"", "text/plain; charset=utf-8", "ä")]
    [InlineData("\"text/*\": {}", "\"ä\"", "text/plain; charset=utf-8", "ä")]
    [InlineData("\"application/xml\": { \"schema\": { \"type\": \"object\" } }", "\"<a/>\"", "application/xml; charset=utf-8", "<a/>")]
    public async Task Body_is_sent_in_the_type_that_the_operation_accepts(string content, string argument, string type, string body)
    {
        var (operations, _) = Read($$""" "/a": { "post": { "operationId": "send", "requestBody": { "required": true, "content": { {{content}} } } } } """);

        using var request = await operations.Single().Operation.ToRequestAsync(
            new Uri("https://api.test"), new Dictionary<string, object?> { ["body"] = JsonElement.Parse(argument) }, null, CancellationToken.None);

        Assert.Equal(type, request.Content?.Headers.ContentType?.ToString());
        Assert.Equal(body, await request.Content!.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("application/octet-stream")]
    [InlineData("image/png")]
    public async Task Body_is_a_file_when_its_type_is_binary(string type)
    {
        var (operations, _) = Read($$""" "/a": { "put": { "operationId": "send", "requestBody": { "content": { "{{type}}": { "schema": { "type": "string", "format": "binary" } } } } } } """);
        var operation = Assert.Single(operations);

        using var request = await operation.Operation.ToRequestAsync(
            new Uri("https://api.test"), new Dictionary<string, object?> { ["body"] = File }, null, CancellationToken.None);

        Assert.Equal(["file", "base64", "name"], operation.Schema.GetProperty("properties").GetProperty("body").GetProperty("properties").EnumerateObject().Select(property => property.Name));
        Assert.Equal(type, request.Content?.Headers.ContentType?.ToString());
        Assert.Equal("hi", await request.Content!.ReadAsStringAsync());
        var refused = await Assert.ThrowsAsync<ToolException>(() => operation.Operation.ToRequestAsync(
            new Uri("https://api.test"), new Dictionary<string, object?> { ["body"] = JsonElement.Parse("\"text\"") }, null, CancellationToken.None));
        Assert.Equal("The field 'body' is a file: send file, or base64 and name.", refused.Message);
    }

    [Fact]
    public void Keywords_of_earlier_versions_in_a_document_of_version_3_1_keep_their_meaning()
    {
        var operation = Assert.Single(ApiDocument.Read(
            """
            { "openapi": "3.1.0", "info": { "title": "A", "version": "1" }, "paths": { "/a": { "post": { "operationId": "a", "requestBody": { "content": { "application/json": { "schema": {
              "type": "object",
              "properties": {
                "id": { "type": "string", "readOnly": true }, "card": { "type": "string", "nullable": true, "enum": ["visa"] }, "zip": { "type": "string", "min_items": 2 },
                "unrecognizedKeywords": { "type": "string" } },
              "dependencies": { "card": ["id", "zip"], "id": ["zip"] } } } } } } } } }
            """,
            ["a"], [], [], [], CancellationToken.None));

        var body = operation.Schema.GetProperty("properties").GetProperty("body");
        Assert.Equal("""{"card":["zip"]}""", body.GetProperty("dependencies").GetRawText());
        Assert.Equal("""{"enum":["visa",null],"type":["string","null"]}""", PropertyOf(operation, "card").GetRawText());
        Assert.Equal("""{"type":"string"}""", PropertyOf(operation, "zip").GetRawText());
        Assert.Equal("""{"type":"string"}""", PropertyOf(operation, "unrecognizedKeywords").GetRawText());
        Assert.False(body.TryGetProperty("unrecognizedKeywords", out _));
    }

    private static JsonElement PropertyOf(DescribedOperation operation, string name) =>
        operation.Schema.GetProperty("properties").GetProperty("body").GetProperty("properties").GetProperty(name);

    private static (IReadOnlyList<DescribedOperation> Operations, IReadOnlyList<string> LeftOut) Read(string paths, string schemas = "", params string[] allowed)
    {
        var document = $$"""{ "openapi": "3.0.3", "info": { "title": "A", "version": "1" }, "paths": { {{paths}} }, "components": { "schemas": { {{schemas}} } } }""";
        var leftOut = new List<string>();
        var operations = ApiDocument.Read(document, allowed.Length > 0 ? allowed : ["first", "second", "create", "send"], [], [], leftOut, CancellationToken.None);
        return (operations, allowed.Length > 0 ? leftOut : [.. leftOut.Where(left => !left.EndsWith("(not in the document)", StringComparison.Ordinal))]);
    }
}
