using System.Text.Json;
using FuncChat.Tools;
using FuncChat.Tools.OpenApi;

namespace FuncChat.Tests.Tools.OpenApi;

/// <summary>How parameters become arguments, and arguments a request.</summary>
public sealed class OpenApiParameterTests
{
    private const string Body = """ "requestBody": { "required": true, "content": { "application/json": { "schema": { "type": "object" } } } } """;

    [Theory]
    [InlineData(""" "style": "form" """, """["a b","c"]""", "q=a%20b&q=c")]
    [InlineData(""" "style": "form", "explode": false """, """["a b","c,d"]""", "q=a%20b,c%2Cd")]
    [InlineData(""" "style": "spaceDelimited" """, """["a","c"]""", "q=a%20c")]
    [InlineData(""" "style": "pipeDelimited", "explode": false """, """["a","c"]""", "q=a%7Cc")]
    [InlineData(""" "style": "pipeDelimited", "explode": true """, """["a","c"]""", "q=a&q=c")]
    [InlineData(""" "style": "deepObject", "explode": true """, """{"a":1,"b c":["x","y"]}""", "q%5Ba%5D=1&q%5Bb%20c%5D=x&q%5Bb%20c%5D=y")]
    [InlineData(""" "style": "form" """, """{"a":1,"b":"x&y"}""", "a=1&b=x%26y")]
    [InlineData(""" "style": "form", "explode": false """, """{"a":1,"b":"x"}""", "q=a,1,b,x")]
    [InlineData(""" "content": { "application/json": { "schema": { "type": "object" } } } """, """{"a":[1]}""", "q=%7B%22a%22%3A%5B1%5D%7D")]
    [InlineData(""" "content": { "text/plain": { "schema": { "type": "string" } } } """, "\"a b\"", "q=a%20b")]
    [InlineData(""" "content": { "application/xml": {} } """, "\"<a/>\"", "q=%3Ca%2F%3E")]
    [InlineData(""" "content": { "application/json": {} } """, "\"a\"", "q=%22a%22")]
    [InlineData(""" "style": "deepObject", "explode": true """, """{"a":{"b":5,"c":{"d":[1,2]}}}""", "q%5Ba%5D%5Bb%5D=5&q%5Ba%5D%5Bc%5D%5Bd%5D=1&q%5Ba%5D%5Bc%5D%5Bd%5D=2")]
    [InlineData(""" "style": "deepObject", "explode": true """, """{"a":[{"b":1},{"b":2}]}""", "q%5Ba%5D%5B0%5D%5Bb%5D=1&q%5Ba%5D%5B1%5D%5Bb%5D=2")]
    [InlineData(""" "style": "deepObject", "explode": true """, """{"a":{"b":null}}""", "")]
    [InlineData(""" "style": "form" """, """["a",null]""", "q=a")]
    [InlineData(""" "style": "form" """, "[]", "")]
    [InlineData(""" "style": "form", "explode": false """, "[]", "")]
    [InlineData(""" "style": "form" """, "null", "")]
    public async Task Query_parameter_is_sent_in_its_style(string parameter, string argument, string query)
    {
        var operation = Read("/orders", $$"""{ "name": "q", "in": "query", {{parameter}} }""");

        using var request = await RequestAsync(operation, $$"""{"q":{{argument}}}""");

        Assert.Equal(query, request.RequestUri!.Query.TrimStart('?'));
    }

    [Theory]
    [InlineData("form", """{"tenant":"2"}""")]
    [InlineData("form", """{"status":"open","Tenant":"2"}""")]
    [InlineData("form", """{"tenant[]":"2"}""")]
    [InlineData("form", """{" tenant":"2"}""")]
    [InlineData("form", """{"tenant.id":"2"}""")]
    [InlineData("form", """{"list":"2"}""")]
    [InlineData("form", """{"limit":1000}""")]
    [InlineData("form", """{"limit[x]":1000}""")]
    [InlineData("deepObject", """{"owner":"bo"}""")]
    [InlineData("deepObject", """{"owner][x":"bo"}""")]
    [InlineData("deepObject", """{"owner":{"id":"bo"}}""")]
    public async Task Field_that_would_set_another_parameter_is_refused(string style, string filter)
    {
        var operation = Read(
            "/orders", $$"""{ "name": "filter", "in": "query", "style": "{{style}}", "explode": true, "schema": { "type": "object" } }, { "name": "limit", "in": "query" }""");

        var refused = await Assert.ThrowsAsync<ToolException>(
            () => RequestAsync(operation, $$"""{"filter":{{filter}},"limit":5}""", "https://api.test/v1?tenant=1&list[]=1&filter%5Bowner%5D=ada"));

        Assert.Contains("'filter'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("form", """{"tenants":"2","filter":"x"}""", "?tenant=1&tenants=2&filter=x")]
    [InlineData("deepObject", """{"tenant":"2"}""", "?tenant=1&filter%5Btenant%5D=2")]
    public async Task Field_of_its_own_name_is_sent_next_to_the_query_of_the_base_address(string style, string filter, string query)
    {
        var operation = Read("/orders", $$"""{ "name": "filter", "in": "query", "style": "{{style}}", "explode": true, "schema": { "type": "object" } }""");

        using var request = await RequestAsync(operation, $$"""{"filter":{{filter}}}""", "https://api.test/v1?tenant=1");

        Assert.Equal(query, request.RequestUri!.Query);
    }

    [Theory]
    [InlineData("", """["a b","c"]""", "/v1/orders/a%20b,c")]
    [InlineData("", """[".","."]""", "/v1/orders/.,.")]
    [InlineData("", """{"a":1,"b":"/"}""", "/v1/orders/a,1,b,%2F")]
    [InlineData(""" "explode": true, """, """{"a":1,"b":2}""", "/v1/orders/a=1,b=2")]
    [InlineData(""" "style": "label", """, "5", "/v1/orders/.5")]
    [InlineData(""" "style": "label", "explode": true, """, """[3,4]""", "/v1/orders/.3.4")]
    [InlineData(""" "style": "matrix", """, "5", "/v1/orders/;id=5")]
    [InlineData(""" "style": "matrix", "explode": true, """, """[3,4]""", "/v1/orders/;id=3;id=4")]
    public async Task Path_parameter_is_sent_in_its_style(string style, string argument, string path)
    {
        var operation = Read("/orders/{id}", $$"""{ "name": "id", {{style}} "in": "path", "required": true }""");

        using var request = await RequestAsync(operation, $$"""{"id":{{argument}}}""");

        Assert.Equal(path, request.RequestUri!.AbsolutePath);
    }

    [Theory]
    [InlineData("""[".."]""")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"\"")]
    public async Task Path_parameter_that_leads_elsewhere_is_refused(string argument)
    {
        var operation = Read("/orders/{id}", """{ "name": "id", "in": "path", "required": true }""");
        await Assert.ThrowsAsync<ToolException>(() => RequestAsync(operation, $$"""{"id":{{argument}}}"""));
    }

    [Fact]
    public void Parameter_that_the_base_address_sets_is_no_argument()
    {
        var operation = Read(
            "/orders", """{ "name": "Api-Version", "in": "query", "required": true }, { "name": "tenant", "in": "header" }, { "name": "q", "in": "query" }""", setQuery: "api-version tenant");

        Assert.Equal(["tenant", "q"], NamesOf(operation));
        Assert.False(operation.Schema.TryGetProperty("required", out _));
    }

    [Theory]
    [InlineData("tenant", "tenant[]")]
    [InlineData("tenant", "tenant[id]")]
    [InlineData("tenant", "tenant.id")]
    [InlineData("tenant", " Tenant")]
    [InlineData("tenant[]", "tenant")]
    [InlineData("tenant[]", "tenant[0]")]
    [InlineData("tenant[id]", "tenant")]
    [InlineData("api_version", "api.version")]
    public void Parameter_that_servers_read_as_one_of_the_base_address_is_no_argument(string setQuery, string name)
    {
        var operation = Read("/orders", $$"""{ "name": "{{name}}", "in": "query" }, { "name": "tenants", "in": "query" }""", setQuery: setQuery);

        Assert.Equal(["tenants"], NamesOf(operation));
    }

    [Theory]
    [InlineData("/orders?tenant=a#list")]
    [InlineData("/orders?view=full&Tenant[]=a")]
    public void Parameter_that_the_path_of_the_operation_sets_is_no_argument(string path)
    {
        var operation = Read(path, """{ "name": "tenant", "in": "query", "required": true }, { "name": "tenants", "in": "query" }""");

        Assert.Equal(["tenants"], NamesOf(operation));
    }

    [Theory]
    [InlineData("X-Tenant", "header", "x_tenant")]
    [InlineData("X-Tenant", "header", "X-Tenant ")]
    [InlineData("X-Tenant", "header", "content_length")]
    [InlineData("X-Tenant", "header", "Transfer_Encoding")]
    [InlineData("Cookie", "cookie", "session")]
    public void Parameter_that_servers_read_as_a_header_of_the_app_is_no_argument(string setHeader, string location, string name)
    {
        var operation = Read("/orders", $$"""{ "name": "{{name}}", "in": "{{location}}" }, { "name": "X-Trace", "in": "header" }""", setHeader: setHeader);

        Assert.Equal(["X-Trace"], NamesOf(operation));
    }

    [Theory]
    [InlineData("", """["a","b;"]""", "l=a; l=b%3B")]
    [InlineData(""" "explode": false, """, """["a","b;"]""", "l=a,b%3B")]
    [InlineData("", """{"session":"x"}""", "l=session,x")]
    [InlineData("", "\"a\"", "l=a")]
    public async Task Cookie_parameter_is_sent_in_its_style(string style, string argument, string cookie)
    {
        var operation = Read("/orders", $$"""{ "name": "l", {{style}} "in": "cookie" }""");

        using var request = await RequestAsync(operation, $$"""{"l":{{argument}}}""");

        Assert.Equal(cookie, Assert.Single(request.Headers.GetValues("Cookie")));
    }

    [Fact]
    public async Task Parameters_of_one_name_in_different_places_are_different_arguments()
    {
        var operation = Read(
            "/orders/{id}",
            """{ "name": "id", "in": "query" }, { "name": "id", "in": "header" }, { "name": "id", "in": "path", "required": true }, { "name": "query_id", "in": "query" }""");

        Assert.Equal(["id", "header_id", "path_id", "query_id"], NamesOf(operation));
        Assert.Equal(["path_id"], operation.Schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        using var request = await RequestAsync(operation, """{"id":"q","header_id":"h","path_id":"p","query_id":"x"}""");
        Assert.Equal("/v1/orders/p?id=q&query_id=x", request.RequestUri!.PathAndQuery);
        Assert.Equal("h", Assert.Single(request.Headers.GetValues("id")));
    }

    [Fact]
    public void Parameter_of_an_operation_replaces_that_of_its_path()
    {
        var operation = Read("/orders", """{ "name": "q", "in": "query", "description": "own" }""", ofPath: """{ "name": "q", "in": "query", "description": "shared" }""");

        Assert.Equal(["q"], NamesOf(operation));
        Assert.Equal("own", operation.Schema.GetProperty("properties").GetProperty("q").GetProperty("description").GetString());
    }

    [Fact]
    public async Task Parameter_named_body_and_the_body_of_the_request_are_different_arguments()
    {
        var operation = Read("/orders", """{ "name": "body", "in": "query" }""", more: Body);

        Assert.Equal(["body", "request_body"], NamesOf(operation));
        Assert.Equal(["request_body"], operation.Schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        using var request = await RequestAsync(operation, """{"body":"q","request_body":{"a":1}}""");
        Assert.Equal("?body=q", request.RequestUri!.Query);
        Assert.Equal("""{"a":1}""", await request.Content!.ReadAsStringAsync());
    }

    [Fact]
    public async Task Parameter_named_body_is_no_body_when_the_operation_has_none()
    {
        var operation = Read("/orders", """{ "name": "body", "in": "query" }""");

        using var request = await RequestAsync(operation, """{"body":"q"}""");

        Assert.Equal("?body=q", request.RequestUri!.Query);
        Assert.Null(request.Content);
    }

    [Theory]
    [InlineData("/files/{id}#get_link", "https://api.test/v1", "/v1/files/a%23b%3Fc?q=x")]
    [InlineData("/files/{id}?view=full#get", "https://api.test/v1?key=1", "/v1/files/a%23b%3Fc?key=1&view=full&q=x")]
    [InlineData("/files/{id}?key=2&view=full", "https://api.test/v1?key=1", "/v1/files/a%23b%3Fc?key=1&view=full&q=x")]
    public async Task Query_and_fragment_in_a_path_of_the_document_are_no_part_of_the_path(string path, string baseUrl, string sent)
    {
        var operation = Read(path, """{ "name": "id", "in": "path", "schema": { "type": "string" } }, { "name": "q", "in": "query" }""");

        using var request = await RequestAsync(operation, """{"id":"a#b?c","q":"x"}""", baseUrl);

        Assert.Equal(sent, request.RequestUri!.PathAndQuery);
        Assert.Empty(request.RequestUri.Fragment);
    }

    private static IEnumerable<string> NamesOf(DescribedOperation operation) => operation.Schema.GetProperty("properties").EnumerateObject().Select(property => property.Name);

    private static DescribedOperation Read(string path, string parameters, string ofPath = "", string more = "\"x-none\": 1", string setQuery = "", string setHeader = "X-Key")
    {
        var document = $$"""
            {
              "openapi": "3.0.3", "info": { "title": "Orders", "version": "1" },
              "paths": { "{{path}}": { "parameters": [{{ofPath}}], "post": {
                "operationId": "op", "parameters": [{{parameters}}], "responses": { "200": { "description": "ok" } }, {{more}} } } }
            }
            """;
        return Assert.Single(ApiDocument.Read(document, ["op"], [setHeader], setQuery.Split(' ', StringSplitOptions.RemoveEmptyEntries), [], CancellationToken.None));
    }

    private static Task<HttpRequestMessage> RequestAsync(DescribedOperation operation, string arguments, string baseUrl = "https://api.test/v1") => operation.Operation.ToRequestAsync(
        new Uri(baseUrl), JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments)!, null, CancellationToken.None);
}
