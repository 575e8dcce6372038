using System.Text;
using System.Text.Json;
using FuncChat.Tools.OpenApi;

namespace FuncChat.Tests.Tools.OpenApi;

/// <summary>Documents of Swagger 2.0.</summary>
public sealed class SwaggerDocumentTests
{
    private const string List = """ "type": "array", "items": { "type": "string" } """;

    [Theory]
    [InlineData("query", "", "?q=a,b%20c")]
    [InlineData("query", "csv", "?q=a,b%20c")]
    [InlineData("query", "ssv", "?q=a%20b%20c")]
    [InlineData("query", "tsv", "?q=a%09b%20c")]
    [InlineData("query", "pipes", "?q=a%7Cb%20c")]
    [InlineData("query", "multi", "?q=a&q=b%20c")]
    [InlineData("path", "", "/x/a,b%20c")]
    [InlineData("path", "ssv", "/x/a%20b%20c")]
    [InlineData("path", "pipes", "/x/a%7Cb%20c")]
    [InlineData("header", "", "a,b c")]
    [InlineData("header", "tsv", "a\tb c")]
    [InlineData("header", "pipes", "a|b c")]
    [InlineData("formData", "", "q=a,b+c")]
    [InlineData("formData", "ssv", "q=a+b+c")]
    [InlineData("formData", "tsv", "q=a%09b+c")]
    [InlineData("formData", "pipes", "q=a%7Cb+c")]
    [InlineData("formData", "multi", "q=a&q=b+c")]
    public async Task Array_is_sent_in_its_format(string location, string format, string sent)
    {
        var named = format.Length > 0 ? $$""" "collectionFormat": "{{format}}", """ : "";
        var path = location == "path" ? "/x/{q}" : "/x";
        foreach (var parameter in (string[])[$$"""{ {{named}} "name": "q", "required": true, "in": "{{location}}", {{List}} }""", $$"""{ {{List}}, "in": "{{location}}", {{named}} "required": true, "name": "q" }"""])
        {
            Assert.Equal(sent, await SendAsync($$""" "paths": { "{{path}}": { "post": { "operationId": "send", "parameters": [{{parameter}}] } } } """, location));
            Assert.Equal(sent, await SendAsync($$""" "paths": { "{{path}}": { "post": { "operationId": "send" }, "parameters": [{{parameter}}] } } """, location));
            if (location != "formData")
                Assert.Equal(sent, await SendAsync($$""" "paths": { "{{path}}": { "post": { "operationId": "send", "parameters": [{ "$ref": "#/parameters/Q" }] } } }, "parameters": { "Q": {{parameter}} } """, location));
        }

        async Task<string> SendAsync(string document, string location)
        {
            var operation = Read(document);
            Assert.DoesNotContain("x-", operation.Schema.GetRawText(), StringComparison.Ordinal);
            using var request = await RequestAsync(operation, location == "formData" ? """{"body":{"q":["a","b c"]}}""" : """{"q":["a","b c"]}""");
            return location switch
            {
                "query" => request.RequestUri!.Query,
                "path" => request.RequestUri!.AbsolutePath,
                "header" => Assert.Single(request.Headers.GetValues("q")),
                _ => await request.Content!.ReadAsStringAsync(),
            };
        }
    }

    [Fact]
    public async Task Document_in_YAML_is_read_alike()
    {
        var operation = Assert.Single(ApiDocument.Read(
            """
            swagger: "2.0"
            info: { title: A, version: "1" }
            paths:
              /a:
                get:
                  operationId: send
                  parameters: [{ name: q, in: query, type: array, items: { type: string }, collectionFormat: pipes }]
            """,
            ["send"], [], [], [], CancellationToken.None));

        using var request = await RequestAsync(operation, """{"q":["a","b"]}""");

        Assert.Equal("?q=a%7Cb", request.RequestUri!.Query);
    }

    [Theory]
    [InlineData(""" "parameters": [{{body}}], "post": { "operationId": "send" } """)]
    [InlineData(""" "post": { "operationId": "send" }, "parameters": [{{body}}] """)]
    [InlineData(""" "parameters": [{ "name": "other", "in": "body", "schema": {} }], "post": { "operationId": "send", "parameters": [{{body}}] } """)]
    [InlineData(""" "parameters": [{ "$ref": "#/parameters/Body" }], "post": { "operationId": "send" } """)]
    [InlineData(""" "post": { "operationId": "send", "parameters": [{ "$ref": "#/parameters/Body" }] } """)]
    public async Task Body_of_a_path_is_that_of_its_operations(string item)
    {
        const string Body = """{ "name": "b", "in": "body", "required": true, "schema": { "type": "object", "properties": { "a": { "type": "string" } } } }""";
        var operation = Read($$""" "parameters": { "Body": {{Body}} }, "paths": { "/a": { {{item.Replace("{{body}}", Body, StringComparison.Ordinal)}} } } """);

        using var request = await RequestAsync(operation, """{"body":{"a":"x"}}""");

        Assert.Equal("""{"a":"x"}""", await request.Content!.ReadAsStringAsync());
        Assert.Equal("string", operation.Schema.GetProperty("properties").GetProperty("body").GetProperty("properties").GetProperty("a").GetProperty("type").GetString());
        Assert.Equal(["body"], operation.Schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public void Reference_into_a_schema_is_followed()
    {
        var operation = Read(
            """
            "definitions": { "User": { "type": "object", "properties": { "mail": { "type": "string", "format": "email" } } } },
            "paths": { "/a": { "post": { "operationId": "send", "parameters": [{ "name": "b", "in": "body", "schema": { "type": "array", "items": { "$ref": "#/definitions/User/properties/mail" } } }] } } }
            """);

        Assert.Equal("""{"type":"string","format":"email"}""", operation.Schema.GetProperty("properties").GetProperty("body").GetProperty("items").GetRawText());
    }

    [Theory]
    [InlineData("f", "#/parameters/f")]
    [InlineData("f/g", "#/parameters/f~1g")]
    [InlineData("{f}", "#/parameters/%7Bf%7D")]
    [InlineData("f", "#\\/parameters\\/f")]
    public async Task Field_of_a_form_may_be_shared(string name, string reference)
    {
        var parameters = $$""" "parameters": [{ "$ref": "{{reference}}" }, { "in": "formData", "name": "note", "type": "string" }] """;
        foreach (var item in (string[])[$$""" {{parameters}}, "post": { "operationId": "send" } """, $$""" "post": { "operationId": "send", {{parameters}} } """])
        {
            var operation = Read(
                $$""" "paths": { "/a": { {{item}} } }, "parameters": { "{{name}}": { "in": "formData", "name": "tags", "type": "array", "collectionFormat": "pipes", "items": { "type": "string" } } } """);

            using var request = await RequestAsync(operation, """{"body":{"tags":["a","b"],"note":"c"}}""");

            Assert.Equal("tags=a%7Cb&note=c", await request.Content!.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData("User/properties/mail")]
    [InlineData("{User}/properties/mail")]
    [InlineData("%7BUser%7D/properties/mail")]
    [InlineData("ns~1User/properties/mail")]
    public void Slashes_of_a_reference_may_be_escaped(string place)
    {
        const string User = """{ "properties": { "mail": { "type": "string", "format": "email" } } }""";
        foreach (var slash in (string[])["/", "\\/", "\\u002f", "\\u002F"])
        {
            var operation = Read(
                $$"""
                "definitions": { "User": {{User}}, "{User}": {{User}}, "ns/User": {{User}} },
                "paths": { "/a": { "post": { "operationId": "send", "description": "A \\/ and \\\\/ and \u0022.", "parameters": [
                  { "name": "b", "in": "body", "schema": { "$ref": "{{$"#/definitions/{place}".Replace("/", slash, StringComparison.Ordinal)}}" } }] } } }
                """);

            Assert.Equal("""{"type":"string","format":"email"}""", operation.Schema.GetProperty("properties").GetProperty("body").GetRawText());
            Assert.Equal("A \\/ and \\\\/ and \".", operation.Description);
        }
    }

    /// <summary>The library would have a response and a body for each type of each operation.</summary>
    [Fact]
    public void Types_of_the_document_are_not_copied_for_each_operation()
    {
        static string Many(Func<int, string> item) => string.Join(',', Enumerable.Range(0, 300).Select(item));
        var types = Many(number => $"\"x/{number}\"");
        var before = GC.GetAllocatedBytesForCurrentThread();

        var operation = Read(
            $$"""
            "consumes": [{{types}}, "application/json"], "produces": [{{types}}], "paths": { "/a": { "post": { "operationId": "send", "parameters": [{ "name": "b", "in": "body", "schema": {} }] } },
              {{Many(number => $$""" "/{{number}}": { "post": { "parameters": [{ "name": "b", "in": "body", "schema": {} }], "responses": { "200": { "description": "", "schema": {} } } } } """)}} }
            """);

        Assert.Equal("application/json", operation.Operation.Body!.MediaType);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 30L * 1024 * 1024);
    }

    [Fact]
    public void Body_of_a_path_is_not_that_of_its_GET()
    {
        var operation = Read(""" "paths": { "/a": { "parameters": [{ "name": "b", "in": "body", "schema": {} }], "get": { "operationId": "send" }, "post": {} } } """);

        Assert.Empty(operation.Schema.GetProperty("properties").EnumerateObject());
    }

    /// <summary>Methods have one case, in which a path has few.</summary>
    [Fact]
    public void Body_of_a_path_is_not_copied_for_each_name_that_is_like_a_method()
    {
        const string Method = "options";
        var names = Enumerable.Range(0, 100).Select(number => string.Concat(Method.Select((letter, at) => (number >> at) % 2 == 1 ? char.ToUpperInvariant(letter) : letter)));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var operation = Read(
            $$"""
            "paths": { "/a": { "parameters": [{ "name": "b", "in": "body", "schema": { "type": "object", "properties": { {{string.Join(',', Enumerable.Range(0, 4000).Select(number => $"\"p{number}\": {{}}"))}} } } }],
              "post": { "operationId": "send" }, {{string.Join(',', names.Select(name => $"\"{name}\": {{}}"))}} } }
            """);

        Assert.True(operation.Schema.GetProperty("properties").TryGetProperty("body", out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 60L * 1024 * 1024);
    }

    [Fact]
    public async Task Form_is_multipart_when_it_has_a_file_and_both_types_are_accepted()
    {
        var operation = Read(
            """
            "paths": { "/a": { "post": { "operationId": "send", "parameters": [{ "name": "photo", "in": "formData", "type": "file" }] } } },
            "consumes": ["application/x-www-form-urlencoded", "multipart/form-data"]
            """);

        using var request = await RequestAsync(operation, """{"body":{"photo":{"base64":"aGk="}}}""");

        Assert.Contains("filename=\"photo\"\r\n\r\nhi\r\n", Encoding.UTF8.GetString(await request.Content!.ReadAsByteArrayAsync()), StringComparison.Ordinal);
    }

    private static DescribedOperation Read(string document) => Assert.Single(ApiDocument.Read(
        $$"""{ "swagger": "2.0", "info": { "title": "A", "version": "1" }, {{document}} }""", ["send"], [], [], [], CancellationToken.None));

    private static Task<HttpRequestMessage> RequestAsync(DescribedOperation operation, string arguments) => operation.Operation.ToRequestAsync(
        new Uri("https://api.test"), JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments)!, null, CancellationToken.None);
}
