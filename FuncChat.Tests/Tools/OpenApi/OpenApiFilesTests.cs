using System.Text.Json;
using FuncChat.Tests.Hostile;
using FuncChat.Tests.Mcp;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FuncChat.Tests.Tools.OpenApi;

/// <summary>Documents in several files.</summary>
public sealed class OpenApiFilesTests : IAsyncLifetime
{
    private static readonly (string Path, string Text)[] Files =
    [
        ("orders.yaml",
            """
            openapi: 3.0.3
            info: { title: Orders, version: '1' }
            paths:
              /orders/{id}: { $ref: paths/order.yaml }
              /orders:
                post: { $ref: "paths/create.yaml#/post" }
            components:
              schemas:
                Size: { $ref: schemas/size.json }
            """),
        ("paths/order.yaml",
            """
            parameters: [{ $ref: ../parameters.yaml#/id }]
            get:
              operationId: getOrder
              parameters: [{ $ref: '#/fields' }]
              responses: { '200': { $ref: nowhere.yaml } }
            delete: { operationId: deleteOrder, parameters: [{ $ref: nowhere.yaml }] }
            fields: { name: fields, in: query, style: pipeDelimited, explode: false, schema: { type: array, items: { type: string } } }
            """),
        ("paths/create.yaml",
            """
            post:
              operationId: createOrder
              requestBody: { required: true, content: { application/json: { schema: { $ref: ../schemas/order.json } } } }
            """),
        ("parameters.yaml", "id: { name: id, in: path, required: true, schema: { $ref: 'schemas/order.json#/$defs/id' } }"),
        ("schemas/order.json",
            """
            { "type": "object", "properties": { "parts": { "type": "array", "items": { "$ref": "part.json" } }, "size": { "$ref": "../orders.yaml#/components/schemas/Size" } },
              "$defs": { "id": { "type": "integer" } } }
            """),
        ("schemas/part.json", """{ "type": "object", "properties": { "name": { "type": "string" }, "of": { "$ref": "order.json" } } }"""),
        ("schemas/size.json", """{ "type": "string", "enum": ["s", "m"] }"""),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly CapturedLogs _logs = new();
    private ScriptedWebServer _api = null!;

    public async Task InitializeAsync()
    {
        _api = await ScriptedWebServer.StartAsync();
        foreach (var (path, text) in Files)
        {
            Write($"specs/{path}", text);
            _api.On($"/specs/{path}", text, "text/plain");
        }
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Operations_in_other_files_have_their_arguments(bool isFetched)
    {
        await using var services = Build(isFetched ? $"{_api.Url}specs/orders.yaml" : Write("specs/orders.yaml", Files[0].Text), "getOrder,createOrder");

        var tools = await ListAsync(services);

        Assert.Equal(["orders__createOrder", "orders__getOrder"], tools.Select(tool => tool.Name).Order());
        Assert.Equal(
            """{"type":"object","properties":{"fields":{"type":"array","items":{"type":"string"}},"id":{"type":"integer"}},"additionalProperties":false,"required":["id"]}""",
            SchemaOf(tools, "getOrder").GetRawText());
        var body = SchemaOf(tools, "createOrder").GetProperty("properties").GetProperty("body").GetProperty("properties");
        Assert.Equal("""{"enum":["s","m"],"type":"string"}""", body.GetProperty("size").GetRawText());
        Assert.Equal(["name", "of"], body.GetProperty("parts").GetProperty("items").GetProperty("properties").EnumerateObject().Select(property => property.Name));
        Assert.DoesNotContain(_logs.Lines, line => line.Contains("OpenApiSource", StringComparison.Ordinal) && line.Contains("can't be read", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Call_of_an_operation_in_another_file_is_sent_as_the_file_describes_it()
    {
        _api.On("/v1/orders/7", "ok", "text/plain");
        await using var services = Build(Path.Combine(_folder.Path, "specs", "orders.yaml"), "GET /orders/{id}");
        var tool = Assert.Single(await ListAsync(services));

        await tool.Function.InvokeAsync(Tool.ArgumentsFor(new McpRun(), JsonSerializer.Deserialize<Dictionary<string, object?>>("""{"id":7,"fields":["a","b"]}""")!));

        Assert.Equal(["/v1/orders/7?fields=a%7Cb"], _api.Requests);
    }

    [Fact]
    public async Task Operation_whose_parameters_can_not_be_read_is_left_out_with_the_reason()
    {
        await using var services = Build(Path.Combine(_folder.Path, "specs", "orders.yaml"), "getOrder,deleteOrder");

        Assert.Equal("orders__getOrder", Assert.Single(await ListAsync(services)).Name);

        Assert.Contains(_logs.Lines, line => line.Contains("not offered: deleteOrder (it needs nowhere.yaml: it is a file that does not exist)", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("../secret.json")]
    [InlineData("..%2fsecret.json")]
    [InlineData("%2e%2e/secret.json")]
    [InlineData("sub/../../secret.json")]
    [InlineData("file:///etc/hostname.json")]
    [InlineData("//other.test/specs/a.json")]
    [InlineData("https://other.test/specs/a.json")]
    [InlineData("local.settings.json")]
    [InlineData("mcp.json")]
    [InlineData(".hidden.json")]
    [InlineData(".git/a.json")]
    [InlineData("notes.txt")]
    public async Task Document_does_not_read_what_is_not_a_part_of_it(string reference)
    {
        foreach (var other in (string[])["secret.json", "specs/local.settings.json", "specs/mcp.json", "specs/.hidden.json", "specs/.git/a.json", "specs/notes.txt"])
            Write(other, """{ "name": "stolen", "in": "query", "schema": { "description": "stolen" } }""");
        await using var services = Build(
            Write("specs/a.json", $$"""{ "openapi": "3.1.0", "info": { "title": "A", "version": "1" }, "paths": { "/a": { "get": { "operationId": "a", "parameters": [{ "$ref": "{{reference}}" }] } } } }"""), "a");

        Assert.Empty(await ListAsync(services));

        Assert.Contains(_logs.Lines, line => line.Contains($"not offered: a (it needs {reference}: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("../secret.json")]
    [InlineData("/secret.json")]
    [InlineData("..%2fsecret.json")]
    [InlineData("moved.json")]
    public async Task Document_at_an_address_has_its_parts_at_addresses_below_its_own(string reference)
    {
        _api.On("/secret.json", """{ "name": "stolen", "in": "query" }""", "application/json");
        _api.On("/specs/moved.json", context =>
        {
            context.Response.Redirect("/secret.json");
            return Task.CompletedTask;
        });
        _api.On(
            "/specs/a.json",
            $$"""{ "openapi": "3.1.0", "info": { "title": "A", "version": "1" }, "paths": { "/a": { "get": { "operationId": "a", "parameters": [{ "$ref": "{{reference}}" }] } } } }""", "application/json");
        await using var services = Build($"{_api.Url}specs/a.json", "a");

        Assert.Empty(await ListAsync(services));

        Assert.DoesNotContain(_api.Requests, request => request.Contains("secret", StringComparison.Ordinal));
        Assert.Contains(_logs.Lines, line => line.Contains($"not offered: a (it needs {reference}: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Schema_that_can_not_be_read_accepts_any_value_and_is_named_in_the_log()
    {
        Write("specs/list.json", "[1]");
        await using var services = Build(
            Write("specs/a.json", Body("""{ "type": "object", "properties": { "far": { "$ref": "https://other.test/far.json" }, "list": { "$ref": "list.json" }, "$ref": { "type": "integer" } } }""")), "a");

        Assert.Equal(
            """{"far":{},"list":{},"$ref":{"type":"integer"}}""",
            SchemaOf(await ListAsync(services), "a").GetProperty("properties").GetProperty("body").GetProperty("properties").GetRawText());

        Assert.Contains(_logs.Lines, line => line.Contains(
            "that they describe are not offered: https://other.test/far.json: it is not in the folder of the document or below, list.json: it is not an object", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "$ref": "loop.json" }""")]
    [InlineData("""{ "$ref": "loop.json#/a" }""")]
    public async Task References_that_lead_back_to_themselves_end(string loop)
    {
        Write("specs/loop.json", loop);
        await using var services = Build(Write("specs/a.json", Body("""{ "type": "object", "properties": { "loop": { "$ref": "loop.json" } } }""")), "a");
        await using var parameter = Build(Write(
            "specs/b.json", """{ "openapi": "3.1.0", "info": { "title": "A", "version": "1" }, "paths": { "/a": { "get": { "operationId": "a", "parameters": [{ "$ref": "loop.json" }] } } } }"""), "a");

        Assert.Equal("{}", SchemaOf(await ListAsync(services), "a").GetProperty("properties").GetProperty("body").GetProperty("properties").GetProperty("loop").GetRawText());
        Assert.Empty(await ListAsync(parameter));
    }

    [Fact]
    public async Task Parts_of_one_file_are_found_by_names_with_a_slash_and_in_other_operations()
    {
        await using var services = Build(
            Write(
                "specs/a.json",
                """
                { "openapi": "3.0.3", "info": { "title": "A", "version": "1" },
                  "paths": {
                    "/first": { "get": { "operationId": "first", "responses": { "200": { "description": "", "content": { "application/json": { "schema": { "type": "boolean" } } } } } } },
                    "/a": { "post": { "operationId": "a", "parameters": [{ "$ref": "#/components/parameters/page~1size" }], "requestBody": { "$ref": "#/components/requestBodies/order%7E1new" } } } },
                  "components": {
                    "parameters": { "page/size": { "name": "size", "in": "query", "schema": { "type": "integer" } } },
                    "requestBodies": { "order/new": { "content": { "application/json": { "schema": { "type": "object", "properties": {
                      "is": { "$ref": "#/paths/~1first/get/responses/200/content/application~1json/schema" } } } } } } } } }
                """),
            "a");

        Assert.Equal(
            """{"size":{"type":"integer"},"body":{"type":"object","properties":{"is":{"type":"boolean"}}}}""",
            SchemaOf(await ListAsync(services), "a").GetProperty("properties").GetRawText());
    }

    private static string Body(string schema) =>
        $$"""
        { "openapi": "3.1.0", "info": { "title": "A", "version": "1" },
          "paths": { "/a": { "post": { "operationId": "a", "requestBody": { "content": { "application/json": { "schema": {{schema}} } } } } } } }
        """;

    private static JsonElement SchemaOf(IEnumerable<Tool> tools, string id) => tools.Single(tool => tool.Name == $"orders__{id}").Function.JsonSchema;

    private static async Task<IReadOnlyList<Tool>> ListAsync(IServiceProvider services) =>
        [.. (await services.GetRequiredService<ToolCatalog>().ListAsync(ToolUser.Unknown, CancellationToken.None)).Where(tool => tool.Reference.Source is not null)];

    private string Write(string path, string text)
    {
        var file = Path.Combine(_folder.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    private ServiceProvider Build(string document, string operations)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["FuncChat:OpenApi:orders:Document"] = document,
            ["FuncChat:OpenApi:orders:BaseUrl"] = $"{_api.Url}v1",
            ["FuncChat:OpenApi:orders:Operations"] = operations,
        }).Build();
        return new ServiceCollection().AddLogging(logging => logging.AddProvider(_logs)).AddFuncChatTools(configuration).AddHealthChecks().Services.BuildServiceProvider();
    }
}
