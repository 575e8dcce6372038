using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FuncChat.Tools.OpenApi;

namespace FuncChat.Tests.Tools.OpenApi;

/// <summary>How the argument that is the body becomes the body of a request.</summary>
public sealed class OpenApiBodyTests
{
    [Theory]
    [InlineData("report.txt", "report.txt")]
    [InlineData("\u00dcbersicht 1.txt", "\u00dcbersicht 1.txt")]
    [InlineData("a\"b; c='d'.txt", "a%22b; c='d'.txt")]
    [InlineData("a\r\nX-Admin: 1", "aX-Admin: 1")]
    [InlineData("../\u65e5\u672c.txt", "\u65e5\u672c.txt")]
    public async Task Name_of_a_file_is_sent_raw_and_once(string name, string sent)
    {
        var operation = Read(Multipart("""{ "type": "object", "properties": { "file": { "type": "string", "format": "binary" } } }"""));

        var body = await BodyOf(operation, JsonSerializer.Serialize(new { file = new { base64 = "aGk=", name } }));

        Assert.Matches(
            $"^--[^\r\n]+\r\nContent-Type: application/octet-stream\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{Regex.Escape(sent)}\"\r\n\r\nhi\r\n--[^\r\n]+--\r\n$",
            body);
    }

    [Fact]
    public async Task Name_of_a_field_is_sent_raw()
    {
        var operation = Read(Multipart("""{ "type": "object" }"""));

        var body = await BodyOf(operation, """{"gr\u00f6\u00dfe\"\r\n":"1"}""");

        Assert.Contains("Content-Disposition: form-data; name=\"gr\u00f6\u00dfe%22%0D%0A\"\r\n\r\n1\r\n", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "anyOf": [{ "type": "string", "contentMediaType": "application/octet-stream" }, { "type": "null" }] }""")]
    [InlineData("""{ "oneOf": [{ "type": "null" }, { "type": "string", "format": "binary" }], "description": "The photo." }""")]
    [InlineData("""{ "type": ["string", "null"], "format": "binary" }""")]
    [InlineData("""{ "type": ["null", "string"], "contentMediaType": "image/png" }""")]
    [InlineData("""{ "allOf": [{ "type": "string", "format": "binary" }, { "description": "The photo." }] }""")]
    [InlineData("""{ "anyOf": [{ "type": "array", "items": { "anyOf": [{ "type": "string", "format": "binary" }, { "type": "null" }] } }, { "type": "null" }] }""")]
    [InlineData("""{ "$ref": "#/components/schemas/Photo" }""")]
    public async Task Field_that_is_optional_or_composed_is_a_file(string photo)
    {
        var operation = Read(Multipart($$"""{ "type": "object", "properties": { "photo": {{photo}} } }"""), """ "Photo": { "type": "string", "format": "binary" } """);

        Assert.Contains("; filename=\"a.png\"\r\n\r\nhi\r\n", await BodyOf(operation, """{"photo":{"base64":"aGk=","name":"a.png"}}"""), StringComparison.Ordinal);
        Assert.Contains("Send file, or base64 and name.", operation.Schema.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "anyOf": [{ "type": "string", "format": "binary" }, { "type": "string" }] }""")]
    [InlineData("""{ "type": ["string", "integer"], "format": "binary" }""")]
    [InlineData("""{ "anyOf": [] }""")]
    public async Task Field_that_may_be_a_text_is_no_file(string photo)
    {
        var operation = Read(Multipart($$"""{ "type": "object", "properties": { "photo": {{photo}} } }"""));

        Assert.Contains("name=\"photo\"\r\n\r\nhi\r\n", await BodyOf(operation, """{"photo":"hi"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_the_schemas_that_a_form_is_composed_of_are_sent()
    {
        var operation = Read(Multipart("""{ "allOf": [{ "$ref": "#/components/schemas/Upload" }, { "properties": { "note": { "type": "string" } } }] }"""), """
            "Upload": { "type": "object", "properties": { "photo": { "type": "string", "format": "binary" } } }
            """);

        Assert.Contains("name=\"photo\"; filename=\"photo\"\r\n\r\nhi\r\n", await BodyOf(operation, """{"photo":{"base64":"aGk="},"note":"x"}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "type": "string", "format": "binary" }""", "multipart/form-data")]
    [InlineData("""{ "$ref": "#/components/schemas/Photo" }""", "multipart/form-data")]
    [InlineData("""{ "type": "string" }""", "application/x-www-form-urlencoded")]
    public async Task Form_is_multipart_when_it_can_have_a_file(string photo, string type)
    {
        var schema = $$"""{ "type": "object", "properties": { "photo": {{photo}} } }""";
        var operation = Read($$""" "application/x-www-form-urlencoded": { "schema": { "type": "object" } }, {{Multipart(schema)}} """, """ "Photo": { "type": "string", "format": "binary" } """);

        using var request = await RequestAsync(operation, "{}");

        Assert.Equal(type, request.Content!.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("{}", """{"q":["a b","c"],"o":{"x":1}}""", "q=a+b&q=c&o=%7B%22x%22%3A1%7D")]
    [InlineData("{}", """{"q":[{"x":1},null]}""", "q=%7B%22x%22%3A1%7D")]
    [InlineData("""{ "q": { "style": "form", "explode": false } }""", """{"q":["a","c,d"]}""", "q=a,c%2Cd")]
    [InlineData("""{ "q": {} }""", """{"q":["a","c"]}""", "q=a&q=c")]
    [InlineData("""{ "q": { "x-note": "explode" } }""", """{"q":["a","c"]}""", "q=a&q=c")]
    [InlineData("""{ "q": { "explode": false } }""", """{"q":["a","c"]}""", "q=a,c")]
    [InlineData("""{ "q": { "style": "form" } }""", """{"q":["a","c"]}""", "q=a&q=c")]
    [InlineData("""{ "q": { "style": "spaceDelimited", "explode": false } }""", """{"q":["a","c"]}""", "q=a+c")]
    [InlineData("""{ "q": { "style": "pipeDelimited" } }""", """{"q":["a","c"]}""", "q=a%7Cc")]
    [InlineData("""{ "q": { "style": "form", "explode": true } }""", """{"q":{"x":1,"y":"z"}}""", "x=1&y=z")]
    [InlineData("""{ "q": { "style": "deepObject", "explode": true } }""", """{"q":{"x":{"y":1},"z":"a"}}""", "q%5Bx%5D%5By%5D=1&q%5Bz%5D=a")]
    [InlineData("""{ "q": { "style": "deepObject" } }""", """{"q":["a","c"]}""", "q%5B%5D=a&q%5B%5D=c")]
    [InlineData("""{ "q": { "style": "deepObject" } }""", """{"q":[{"x":1},{"x":2}]}""", "q%5B0%5D%5Bx%5D=1&q%5B1%5D%5Bx%5D=2")]
    [InlineData("""{ "q": { "contentType": "application/json" } }""", """{"q":["a","c"]}""", "q=%5B%22a%22%2C%22c%22%5D")]
    public async Task Field_of_a_form_is_sent_as_its_encoding_says(string encoding, string body, string sent)
    {
        var operation = Read($$""" "application/x-www-form-urlencoded": { "schema": { "type": "object" }, "encoding": {{encoding}} } """);

        Assert.Equal(sent, await BodyOf(operation, body));
    }

    [Theory]
    [InlineData("""{ "contentType": "application/json" }""", """["a","b"]""", """Content-Type: application/json|name="q"||["a","b"]""")]
    [InlineData("""{ "contentType": "application/json" }""", "\"a\"", """Content-Type: application/json|name="q"||"a" """)]
    [InlineData("""{ "contentType": "application/xml, text/xml" }""", "\"<a/>\"", """Content-Type: application/xml|name="q"||<a/>""")]
    [InlineData("""{ "contentType": "text/csv" }""", """["a"]""", """Content-Type: text/csv|name="q"||a""")]
    [InlineData("""{ "contentType": "text/*" }""", "\"a\"", """name="q"||a""")]
    [InlineData("""{ "style": "deepObject", "explode": true }""", """{"x":"a"}""", """name="q[x]"||a""")]
    [InlineData("""{ "headers": {} }""", """{"x":"a"}""", """Content-Type: application/json|name="q"||{"x":"a"}""")]
    public async Task Part_of_a_form_is_sent_as_its_encoding_says(string encoding, string value, string part)
    {
        var operation = Read($$""" "multipart/form-data": { "schema": { "type": "object" }, "encoding": { "q": {{encoding}} } } """);

        var body = (await BodyOf(operation, $$"""{"q":{{value}}}""")).Replace("Content-Disposition: form-data; ", "", StringComparison.Ordinal);

        Assert.Equal(part.Trim(), string.Join('|', body.Split("\r\n")[1..^2]));
    }

    [Theory]
    [InlineData("image/png", "image/png")]
    [InlineData("image/*, image/webp", "image/webp")]
    [InlineData("image/*", "application/octet-stream")]
    public async Task File_without_a_type_has_that_of_its_encoding(string described, string sent)
    {
        var operation = Read(
            $$""" "multipart/form-data": { "schema": { "properties": { "photo": { "type": "string", "format": "binary" } } }, "encoding": { "photo": { "contentType": "{{described}}" } } } """);

        Assert.Contains($"Content-Type: {sent}\r\n", await BodyOf(operation, """{"photo":{"base64":"aGk="}}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Boundary_of_a_form_has_no_quotes()
    {
        using var request = await RequestAsync(Read(Multipart("""{ "type": "object" }""")), """{"a":1}""");

        Assert.Matches("^multipart/form-data; boundary=[0-9a-f-]+$", request.Content!.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData("""{ "type": "object", "required": ["id", "name"], "properties": { "id": { "type": "string", "readOnly": true }, "name": { "type": "string" } } }""")]
    [InlineData("""{ "type": "object", "required": ["id", "name"], "properties": { "id": { "$ref": "#/components/schemas/Id" }, "name": { "type": "string" } } }""")]
    [InlineData("""{ "type": "object", "required": ["id", "name"], "properties": { "id": { "allOf": [{ "$ref": "#/components/schemas/Id" }] }, "name": { "type": "string" } } }""")]
    [InlineData("""{ "type": "object", "required": ["id", "name"], "properties": { "id": { "oneOf": [{ "$ref": "#/components/schemas/Id" }] }, "name": { "type": "string" } } }""")]
    [InlineData("""{ "type": "object", "required": ["id", "name"], "properties": { "id": { "anyOf": [{ "type": "string", "readOnly": true }, { "type": "null" }] }, "name": { "type": "string" } } }""")]
    [InlineData("""{ "type": "object", "required": ["name"], "minProperties": 2, "dependentRequired": { "id": ["name"] }, "properties": { "id": { "readOnly": true }, "name": { "type": "string" } } }""", """{"minProperties":1,"required":["name"],"type":"object","properties":{"name":{"type":"string"}}}""")]
    [InlineData("""{ "$ref": "#/components/schemas/Item" }""")]
    public void Property_that_only_responses_have_is_no_argument(string schema, string? expected = null)
    {
        foreach (var (content, level) in ((string, Func<JsonElement, JsonElement>)[])[
            (schema, static body => body),
            ($$"""{ "type": "array", "items": {{schema}} }""", static body => body.GetProperty("items")),
            ($$"""{ "type": "object", "properties": { "properties": {{schema}} } }""", static body => body.GetProperty("properties").GetProperty("properties")),
            ($$"""{ "anyOf": [{{schema}}, { "type": "null" }] }""", static body => body.GetProperty("anyOf")[0]),
            ($$"""{ "type": "object", "additionalProperties": {{schema}} }""", static body => body.GetProperty("additionalProperties"))])
        {
            var operation = Read($$""" "application/json": { "schema": {{content}} } """, """
                "Id": { "type": "string", "readOnly": true },
                "Item": { "type": "object", "required": ["id", "name"], "properties": { "id": { "$ref": "#/components/schemas/Id" }, "name": { "type": "string" } } }
                """);

            Assert.Equal(
                expected ?? """{"required":["name"],"type":"object","properties":{"name":{"type":"string"}}}""",
                JsonSerializer.Serialize(level(operation.Schema.GetProperty("properties").GetProperty("body"))));
        }
    }

    [Theory]
    [InlineData(""" "dependentRequired": { "id": ["a"], "a": ["id", "b"], "b": ["id"] } """, """ "dependentRequired": { "a": ["b"] } """)]
    [InlineData(""" "dependentSchemas": { "id": {}, "b": { "required": ["id", "a"] } } """, """ "dependentSchemas": { "b": { "required": ["a"] } } """)]
    [InlineData(""" "if": { "required": ["a"] }, "then": { "required": ["id", "b"] }, "else": { "required": ["id"] } """, """ "if": { "required": ["a"] }, "then": { "required": ["b"] }, "else": {} """)]
    [InlineData(""" "if": { "required": ["id"] }, "then": { "required": ["a"] } """, "")]
    [InlineData(""" "not": { "required": ["id", "a"] } """, "")]
    [InlineData(""" "not": { "anyOf": [{ "required": ["id"] }] } """, "")]
    [InlineData(""" "not": { "required": ["a", "b"] } """, """ "not": { "required": ["a", "b"] } """)]
    [InlineData(""" "oneOf": [{ "required": ["id"] }, { "required": ["a"] }] """, """ "anyOf": [{}, { "required": ["a"] }] """)]
    [InlineData(""" "anyOf": [{ "required": ["a"] }, { "required": ["b"] }], "oneOf": [{ "required": ["id"] }, { "required": ["a"] }] """,
        """ "anyOf": [{ "required": ["a"] }, { "required": ["b"] }], "allOf": [{ "anyOf": [{}, { "required": ["a"] }] }] """)]
    [InlineData(""" "oneOf": [{ "required": ["b"] }, { "required": ["a"] }] """, """ "oneOf": [{ "required": ["b"] }, { "required": ["a"] }] """)]
    [InlineData(""" "allOf": [{ "minProperties": 1 }], "minProperties": 3 """, """ "allOf": [{}], "minProperties": 2 """)]
    public void Condition_of_an_object_counts_only_what_a_request_can_have(string condition, string expected)
    {
        var operation = Read($$""" "application/json": { "schema": { "type": "object", "properties": { "id": { "readOnly": true }, "a": {}, "b": {} }, {{condition}} } } """);

        var body = JsonNode.Parse(operation.Schema.GetProperty("properties").GetProperty("body").GetRawText())!.AsObject();
        Assert.True(body.Remove("type") && body["properties"]!.AsObject().Count == 2 && body.Remove("properties"));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse($"{{{expected}}}"), body), body.ToJsonString());
    }

    [Fact]
    public void Composed_schema_requires_nothing_that_only_responses_have()
    {
        var operation = Read(
            """ "application/json": { "schema": { "allOf": [{ "$ref": "#/components/schemas/Base" }, { "required": ["id", "name"] }], "required": ["id"], "default": { "required": ["id"] } } } """,
            """ "Base": { "type": "object", "properties": { "id": { "type": "string", "readOnly": true }, "name": { "type": "string", "readOnly": false }, "secret": { "type": "string", "writeOnly": true } } } """);

        var body = operation.Schema.GetProperty("properties").GetProperty("body");
        Assert.Equal(["name", "secret"], body.GetProperty("allOf")[0].GetProperty("properties").EnumerateObject().Select(property => property.Name));
        Assert.Equal("""{"required":["name"]}""", JsonSerializer.Serialize(body.GetProperty("allOf")[1]));
        Assert.False(body.TryGetProperty("required", out _));
        Assert.Equal("""{"required":["id"]}""", JsonSerializer.Serialize(body.GetProperty("default")));
    }

    private static string Multipart(string schema) => $$""" "multipart/form-data": { "schema": {{schema}} } """;

    private static DescribedOperation Read(string content, string schemas = "") => Assert.Single(ApiDocument.Read(
        $$"""{ "openapi": "3.1.0", "info": { "title": "A", "version": "1" }, "paths": { "/a": { "post": { "operationId": "send", "requestBody": { "content": { {{content}} } } } } }, "components": { "schemas": { {{schemas}} } } }""",
        ["send"], [], [], [], CancellationToken.None));

    /// <summary>The body's bytes, read as UTF-8.</summary>
    private static async Task<string> BodyOf(DescribedOperation operation, string body)
    {
        using var request = await RequestAsync(operation, body);
        return Encoding.UTF8.GetString(await request.Content!.ReadAsByteArrayAsync());
    }

    private static Task<HttpRequestMessage> RequestAsync(DescribedOperation operation, string body) => operation.Operation.ToRequestAsync(
        new Uri("https://api.test"), new Dictionary<string, object?> { ["body"] = JsonElement.Parse(body) }, null, CancellationToken.None);
}
