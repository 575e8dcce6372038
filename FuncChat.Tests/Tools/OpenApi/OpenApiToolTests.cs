using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using FuncChat.Tests.Mcp;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Tools.OpenApi;

public sealed class OpenApiToolTests : IAsyncLifetime
{
    private const string Document = """
        {
          "openapi": "3.0.3", "info": { "title": "Orders", "version": "1" }, "servers": [{ "url": "https://evil.test" }],
          "paths": {
            "/orders/{id}": {
              "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }],
              "get": { "operationId": "getOrder", "summary": "Reads an order.", "parameters": [{ "name": "fields", "in": "query", "schema": { "type": "array", "items": { "type": "string" } } }],
                "responses": { "200": { "description": "ok" } } },
              "delete": { "operationId": "deleteOrder", "responses": { "204": { "description": "ok" } } },
              "head": { "operationId": "checkOrder", "responses": { "200": { "description": "ok" } } }
            },
            "/orders": {
              "post": { "summary": "Creates an order.", "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Order" } } } },
                "responses": { "200": { "description": "ok" } } }
            },
            "/subscriptions": {
              "post": { "operationId": "subscribe",
                "parameters": [
                  { "name": "X-Trace", "in": "header", "schema": { "type": "string" } }, { "name": "X-Tenant", "in": "header", "schema": { "type": "string" } },
                  { "name": "Authorization", "in": "header", "schema": { "type": "string" } }, { "name": "theme", "in": "cookie", "schema": { "type": "string" } }],
                "requestBody": { "content": { "application/x-www-form-urlencoded": { "schema": { "type": "object", "properties": { "mail": { "type": "string" } } } } } },
                "responses": { "200": { "description": "ok" } } }
            }
          },
          "components": { "schemas": {
            "Order": { "type": "object", "required": ["item"], "properties": { "item": { "type": "string" }, "parent": { "$ref": "#/components/schemas/Order" } } }
          } }
        }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<(string Method, string Url, string Authorization, string Body)> _requests = [];
    private readonly FakeTimeProvider _time = new();
    private Func<HttpContext, Task> _answer = http => http.Response.WriteAsync("""{"ok":true}""");
    private WebApplication _api = null!;
    private string _url = "";

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.UTF8;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Logging.ClearProviders();
        _api = builder.Build();
        _api.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            _requests.Enqueue((http.Request.Method, http.Request.GetEncodedPathAndQuery(), http.Request.Headers.Authorization.ToString(), await reader.ReadToEndAsync()));
            await _answer(http);
        });
        await _api.StartAsync();
        _url = _api.Urls.Single();
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Operations_that_are_allowed_become_tools_with_schemas_of_their_own()
    {
        await using var services = Build(("Operations", "getOrder, post /orders"));

        var tools = (await ListAsync(services)).ToDictionary(tool => tool.Name);

        Assert.Equal(2, tools.Count);
        var read = tools["orders__getOrder"];
        Assert.Equal("Reads an order.", read.Description);
        Assert.Equal(new ToolPolicy { ReadOnly = true, Destructive = false, ReturnsUntrusted = true }, read.Policy);
        Assert.Equal(["id"], read.Function.JsonSchema.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        var create = tools.Values.Single(tool => tool != read);
        Assert.Matches("^orders__[A-Za-z0-9_-]+$", create.Name);
        Assert.True(create.Policy.Destructive);
        var body = create.Function.JsonSchema.GetProperty("properties").GetProperty("body");
        Assert.Equal("string", body.GetProperty("properties").GetProperty("item").GetProperty("type").GetString());
        Assert.DoesNotContain("$ref", create.Function.JsonSchema.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_sends_path_query_body_and_the_header_to_the_configured_address()
    {
        await using var services = Build(("Operations", "getOrder, post /orders"), ("Headers:Authorization", "Bearer secret"));

        Assert.Equal("""{"ok":true}""", await CallAsync(services, "orders__getOrder", """{"id":"a/b?c","fields":["x","y z"]}"""));
        var create = (await ListAsync(services)).Single(tool => !tool.Policy.ReadOnly).Name;
        await CallAsync(services, create, """{"body":{"item":"kite"}}""");

        Assert.Equal(
            [("GET", "/v1/orders/a%2Fb%3Fc?fields=x&fields=y%20z", "Bearer secret", ""), ("POST", "/v1/orders", "Bearer secret", """{"item":"kite"}""")], _requests);
    }

    [Fact]
    public async Task Requests_name_the_app_and_accept_any_type_unless_the_settings_say_otherwise()
    {
        var sent = new ConcurrentQueue<string>();
        _answer = http =>
        {
            sent.Enqueue($"{http.Request.Path} {http.Request.Headers.UserAgent} {http.Request.Headers.Accept}");
            return http.Response.WriteAsync(Document);
        };
        await using var services = Build(("Operations", "getOrder"), ("Document", $"{_url}/openapi.json"));
        await using var configured = Build(("Operations", "getOrder"), ("Headers:User-Agent", "Mine (me@x.test)"), ("Headers:Accept", "application/vnd.x+json"));

        await CallAsync(services, "orders__getOrder", """{"id":"1"}""");
        await CallAsync(configured, "orders__getOrder", """{"id":"1"}""");

        Assert.Equal(["/openapi.json FuncChat/1.0 */*", "/v1/orders/1 FuncChat/1.0 */*", "/v1/orders/1 Mine (me@x.test) application/vnd.x+json"], sent);
    }

    [Fact]
    public async Task Call_sends_header_and_cookie_parameters_and_a_form()
    {
        await using var services = Build(("Operations", "subscribe"), ("Headers:X-Tenant", "mine"));
        var tool = Assert.Single(await ListAsync(services));
        string? headers = null;
        _answer = http =>
        {
            headers = $"{http.Request.Headers["X-Trace"]}|{http.Request.Headers["X-Tenant"]}|{http.Request.Headers.Cookie}|{http.Request.Headers.Authorization}|{http.Request.ContentType}";
            return http.Response.WriteAsync("ok");
        };

        await CallAsync(
            services, "orders__subscribe",
            """{"X-Trace":"t1","X-Tenant":"theirs","Authorization":"Bearer stolen","theme":"dark; admin=1","body":{"mail":"a@b.test","topics":["x","y&z"]}}""");

        Assert.Equal(["X-Trace", "theme", "body"], tool.Function.JsonSchema.GetProperty("properties").EnumerateObject().Select(property => property.Name));
        Assert.Equal("t1|mine|theme=dark%3B%20admin%3D1||application/x-www-form-urlencoded", headers);
        Assert.Equal("mail=a%40b.test&topics=x&topics=y%26z", Assert.Single(_requests).Body);
    }

    [Theory]
    [InlineData("a\r\nX-Admin: 1")]
    [InlineData("a\u00e4")]
    public async Task Call_is_refused_when_an_argument_is_not_valid_in_a_header(string trace)
    {
        await using var services = Build(("Operations", "subscribe"));

        var failure = await Assert.ThrowsAsync<ToolException>(() => CallAsync(services, "orders__subscribe", JsonSerializer.Serialize(new Dictionary<string, string> { ["X-Trace"] = trace })));

        Assert.Equal("The argument 'X-Trace' is not valid in a header: it must be printable ASCII.", failure.Message);
        Assert.Empty(_requests);
    }

    [Fact]
    public async Task Health_has_a_line_for_each_api()
    {
        _answer = http =>
        {
            http.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        await using var healthy = Build(("Operations", "getOrder"));
        await using var degraded = Build(("Operations", "getOrder"), ("Document", $"{_url}/openapi.yaml"));

        Assert.Equal(HealthStatus.Healthy, (await healthy.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["openapi:orders"].Status);
        Assert.Equal(HealthStatus.Degraded, (await degraded.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["openapi:orders"].Status);
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    public async Task Call_is_refused_when_an_argument_would_lead_to_another_path(string id)
    {
        await using var services = Build(("Operations", "getOrder"));

        await Assert.ThrowsAsync<ToolException>(() => CallAsync(services, "orders__getOrder", JsonSerializer.Serialize(new { id })));

        Assert.Empty(_requests);
    }

    [Theory]
    [InlineData("https://other.example:8443/secret?key=1", "the host other.example")]
    [InlineData("/elsewhere", "the host 127.0.0.1")]
    [InlineData("http://[2001:db8::1]:81/", "the host 2001:db8::1")]
    [InlineData("https://xn--ä/", "an invalid address")]
    [InlineData(null, "no address")]
    public async Task Redirect_is_not_followed_and_says_so(string? location, string target)
    {
        _answer = http =>
        {
            http.Response.StatusCode = 302;
            http.Response.Headers.Location = location;
            return Task.CompletedTask;
        };
        await using var services = Build(("Operations", "getOrder"));

        var failure = await Assert.ThrowsAsync<ToolException>(() => CallAsync(services, "orders__getOrder", """{"id":"1"}"""));

        Assert.Equal($"The API 'orders' returned HTTP status 302, a redirect to {target}. Redirects of an API are not followed.", failure.Message);
        Assert.Single(_requests);
    }

    [Fact]
    public async Task Call_fails_with_the_status_and_the_start_of_the_body_when_the_api_does()
    {
        _answer = http =>
        {
            http.Response.StatusCode = 404;
            return http.Response.WriteAsync("No such order.");
        };
        await using var services = Build(("Operations", "getOrder"));

        var failure = await Assert.ThrowsAsync<ToolException>(() => CallAsync(services, "orders__getOrder", """{"id":"1"}"""));

        Assert.Equal("The API 'orders' returned HTTP status 404: No such order.", failure.Message);
    }

    [Fact]
    public async Task Call_follows_no_redirect_and_reads_no_endless_response()
    {
        await using var services = Build(("Operations", "getOrder"));
        _answer = http =>
        {
            http.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        };
        Assert.Contains("302", (await Assert.ThrowsAsync<ToolException>(() => CallAsync(services, "orders__getOrder", """{"id":"1"}"""))).Message, StringComparison.Ordinal);
        Assert.Single(_requests);

        _answer = http => http.Response.WriteAsync(new string('a', 9 * 1024 * 1024));
        Assert.Equal(
            "The API 'orders' sent a response that is too large.",
            (await Assert.ThrowsAsync<ToolException>(() => CallAsync(services, "orders__getOrder", """{"id":"1"}"""))).Message);
    }

    [Theory]
    [InlineData("text/plain; charset=iso-8859-1", "63 61 66 E9", "caf\u00e9")]
    [InlineData("text/plain; charset=\"UTF-16LE\"", "63 00 E9 00", "c\u00e9")]
    [InlineData("application/json; charset=odd", "63 C3 A9", "c\u00e9")]
    [InlineData("application/json", "EF BB BF 63 C3 A9", "c\u00e9")]
    [InlineData("application/pdf", "25 50 44 46", "[application/pdf, not shown]")]
    [InlineData("video/mp4", "00 01", "[video/mp4, not shown]")]
    [InlineData("application/zip", "50 4B", "[application/zip, not shown]")]
    [InlineData("image/svg+xml", "3C 73 76 67 2F 3E", "<svg/>")]
    [InlineData("image/png", "", "The API returned HTTP status 200 without a body.")]
    [InlineData("application/problem+json", "7B 7D", "{}")]
    [InlineData("application/x-ndjson", "7B 7D 0A", "{}\n")]
    [InlineData("application/x-yaml", "61 3A E9", "a:\u00e9")]
    [InlineData("application/octet-stream", "6C 6F 67 0A", "log\n")]
    [InlineData("application/octet-stream", "25 50 44 46 2D 31", "[application/octet-stream, not shown]")]
    [InlineData("application/octet-stream", "FF FE 61 00", "a")]
    [InlineData("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "50 4B 03 04", "[application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, not shown]")]
    [InlineData("application/x-protobuf", "0A 03 61 62 63", "[application/x-protobuf, not shown]")]
    [InlineData("application/msword", "D0 CF 41 42", "[application/msword, not shown]")]
    [InlineData("application/msword; charset=utf-8", "D0 CF 41 42", "[application/msword, not shown]")]
    [InlineData("application/sql; charset=iso-8859-1", "63 E9", "c\u00e9")]
    [InlineData("text/html", "50 4B 03 04", "[Binary content, declared as text/html, not shown]")]
    [InlineData(null, "63 61 66 C3 A9", "caf\u00e9")]
    [InlineData(null, "50 4B 03 04", "[Content of unknown type, not shown]")]
    public async Task Response_is_read_as_its_type_and_its_content_say(string? type, string bytes, string text)
    {
        _answer = http =>
        {
            http.Response.Headers.ContentType = type;
            return http.Response.Body.WriteAsync(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal))).AsTask();
        };
        await using var services = Build(("Operations", "getOrder"));

        Assert.Equal(text, await CallAsync(services, "orders__getOrder", """{"id":"1"}"""));
    }

    [Theory]
    [InlineData("getOrder", 204, "", "Set-Cookie: a=b", "The API returned HTTP status 204 without a body.")]
    [InlineData("getOrder", 201, "", "Location: /v1/orders/77|ETag: \"5\"", "The API returned HTTP status 201 without a body.\nLocation: /v1/orders/77\nETag: \"5\"")]
    [InlineData("getOrder", 202, "", "Retry-After: 10|Location: https://u:p@x.test/jobs;jsessionid=a/5?v=1&sig=abc&x-amz-signature=a;b=1&tenant=7#t", "The API returned HTTP status 202 without a body.\nLocation: https://x.test/jobs/5?v=1\nRetry-After: 10")]
    [InlineData("getOrder", 200, "[1]", "ETag: \"5\"|X-Total-Count: 0", "[1]\n\nHeaders of the response:\nX-Total-Count: 0")]
    [InlineData("getOrder", 200, "[1]", "Link: </v1/list?page_token=a%3D&access_token=s>; rel=\"next\", <//u@x.test?token=s>; rel=\"last\"",
        "[1]\n\nHeaders of the response:\nLink: </v1/list?page_token=a%3D>; rel=\"next\", <//x.test>; rel=\"last\"")]
    [InlineData("checkOrder", 200, "", "Content-Type: image/png|Content-Length: 5|X-Secret: s", "The API returned HTTP status 200 without a body.\nContent-Type: image/png\nContent-Length: 5")]
    [InlineData("getOrder", 201, "", "Location: /a?author=5&id=7&api-version=2&code=x&apiKey=s&X-Amz-Credential=s&%61ccess_token=s", "The API returned HTTP status 201 without a body.\nLocation: /a?author=5&id=7&api-version=2")]
    [InlineData("getOrder", 201, "", "Location: /a?token[]=s&auth[token]=s&user.token=s&page[token]=5&page_token=6", "The API returned HTTP status 201 without a body.\nLocation: /a?page[token]=5&page_token=6")]
    [InlineData("getOrder", 200, "[1]", "X-Next-Page: https:\\\\u:p@h/a?page=2&token=s#t|X-Prev-Page: page=1&token=s", "[1]\n\nHeaders of the response:\nX-Next-Page: https:\\\\h/a?page=2\nX-Prev-Page: page=1")]
    [InlineData("getOrder", 200, "[1]", "X-Next-Page: 3|X-Prev-Page: https:/u:p@x.test|X-Page: https:u:p@ss@x.test", "[1]\n\nHeaders of the response:\nX-Page: https:x.test\nX-Next-Page: 3\nX-Prev-Page: https:/x.test")]
    [InlineData("getOrder", 202, "", "Azure-AsyncOperation: https://x.test/o/1?api-version=2024-01-01&t=63&c=MII&s=abc&h=def|Operation-Location: https://x.test/o/2?v=1&hmac=a&sign=b",
        "The API returned HTTP status 202 without a body.\nOperation-Location: https://x.test/o/2?v=1\nAzure-AsyncOperation: https://x.test/o/1?api-version=2024-01-01")]
    [InlineData("getOrder", 201, "", "Location: /a?s=shoes&t=1&next=https%3A%2F%2Fx.test%2Fb%3Fpage%3D2&back=https%3A%2F%2Fx.test%2F%3Ftoken%3Ds&to=https%253A%252F%252Fx.test%252F%253Ftoken%253Ds&go=https%3A%2F%2Fu%3Ap%40x.test&q=50%25",
        "The API returned HTTP status 201 without a body.\nLocation: /a?s=shoes&t=1&next=https%3A%2F%2Fx.test%2Fb%3Fpage%3D2&q=50%25")]
    [InlineData("getOrder", 201, "", "Location: /go/https%3A%2F%2Fx.test%2F%3Ftoken%3Ds/end;token=s?a=/b?token=s&c=1", "The API returned HTTP status 201 without a body.\nLocation: /go/…/…?c=1")]
    [InlineData("getOrder", 200, "[1]", "Link: <https:\\\\u:p@h/a?token[]=s&b=1>; rel=\"next\"; anchor=\"https://u:p@h/\"", "[1]\n\nHeaders of the response:\nLink: <https:\\\\h/a?b=1>; rel=\"next\"; anchor=\"https://h/\"")]
    [InlineData("getOrder", 201, "", "ETag: W/\"a#1\"|Content-Range: items 0-9/100", "The API returned HTTP status 201 without a body.\nContent-Range: items 0-9/100\nETag: W/\"a#1\"")]
    [InlineData("checkOrder", 404, "", "", "The API 'orders' returned HTTP status 404.")]
    [InlineData("getOrder", 429, "Slow down.", "Retry-After: 30", "The API 'orders' returned HTTP status 429 (Retry-After: 30): Slow down.")]
    [InlineData("getOrder", 503, "", "Retry-After: Fri, 31 Dec 1999 23:59:59 GMT", "The API 'orders' returned HTTP status 503 (Retry-After: Fri, 31 Dec 1999 23:59:59 GMT).")]
    [InlineData("getOrder", 500, "", "Retry-After: 30", "The API 'orders' returned HTTP status 500.")]
    public async Task Headers_say_what_the_body_does_not(string operation, int status, string body, string headers, string result)
    {
        _answer = http =>
        {
            http.Response.StatusCode = status;
            foreach (var header in headers.Split('|', StringSplitOptions.RemoveEmptyEntries))
                http.Response.Headers.Append(header.Split(": ")[0], header.Split(": ", 2)[1]);
            return body.Length > 0 ? http.Response.WriteAsync(body) : Task.CompletedTask;
        };
        await using var services = Build(("Operations", operation), ("BaseUrl", $"{_url}/v1?tenant=7"));

        var call = CallAsync(services, $"orders__{operation}", """{"id":"1"}""");

        Assert.Equal(result, status < 300 ? await call : (await Assert.ThrowsAsync<ToolException>(() => call)).Message);
    }

    [Fact]
    public async Task Binary_response_that_begins_as_text_is_not_shown_and_one_that_is_large_is_no_error()
    {
        var (type, body) = ("application/x-thing", (byte[])[.. Enumerable.Repeat((byte)'a', 5000), 0, 1, 2]);
        _answer = http =>
        {
            http.Response.ContentType = type;
            return http.Response.Body.WriteAsync(body).AsTask();
        };
        await using var services = Build(("Operations", "getOrder"));

        Assert.Equal("[application/x-thing, not shown]", await CallAsync(services, "orders__getOrder", """{"id":"1"}"""));
        (type, body) = ("application/x-tar", new byte[9 * 1024 * 1024]);
        Assert.Equal("[application/x-tar, not shown]", await CallAsync(services, "orders__getOrder", """{"id":"1"}"""));
    }

    [Fact]
    public async Task Compressed_response_is_decompressed_up_to_the_limit()
    {
        var text = "kite";
        _answer = async http =>
        {
            http.Response.Headers.ContentEncoding = "gzip";
            await using var compressed = new GZipStream(http.Response.Body, CompressionLevel.Fastest);
            await compressed.WriteAsync(Encoding.UTF8.GetBytes(text));
        };
        await using var services = Build(("Operations", "getOrder"));

        Assert.Equal("kite", await CallAsync(services, "orders__getOrder", """{"id":"1"}"""));
        text = new string('a', 9 * 1024 * 1024);
        var failure = await Assert.ThrowsAsync<ToolException>(() => CallAsync(services, "orders__getOrder", """{"id":"1"}"""));

        Assert.Equal("The API 'orders' sent a response that is too large.", failure.Message);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task Response_that_is_not_compressed_as_it_says_is_named(string encoding)
    {
        _answer = http =>
        {
            http.Response.Headers.ContentEncoding = encoding;
            return http.Response.WriteAsync("no such kite");
        };
        await using var services = Build(("Operations", "getOrder"));

        var failure = await Assert.ThrowsAsync<ToolException>(() => CallAsync(services, "orders__getOrder", """{"id":"1"}"""));

        Assert.Equal("The API 'orders' sent a response that can't be decompressed: it is not in the encoding that its headers name, or it was cut off.", failure.Message);
    }

    [Fact]
    public async Task Call_ends_when_the_api_does_not_respond()
    {
        var asked = new ManualSignal();
        _answer = async http =>
        {
            asked.Set();
            await new TaskCompletionSource().Task.WaitAsync(http.RequestAborted);
        };
        await using var services = Build(("Operations", "getOrder"), ("Timeout", "5"));
        var call = CallAsync(services, "orders__getOrder", """{"id":"1"}""");
        await asked.WaitAsync();

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("The API 'orders' did not respond within 5 seconds.", (await Assert.ThrowsAsync<ToolException>(() => call)).Message);
    }

    [Fact]
    public async Task Document_at_an_address_is_fetched_without_the_credentials_and_again_when_it_was_unavailable()
    {
        _answer = http =>
        {
            http.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        await using var services = Build(("Document", $"{_url}/openapi.yaml"), ("Operations", "getOrder"), ("Headers:Authorization", "Bearer secret"));
        Assert.Empty(await ListAsync(services));

        _answer = http => http.Response.WriteAsync("""
            openapi: 3.1.0
            info: { title: Orders, version: "1" }
            paths:
              /orders/{id}:
                get:
                  operationId: getOrder
                  parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
                  responses: { "200": { description: ok } }
            """);
        _time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal("orders__getOrder", Assert.Single(await ListAsync(services)).Name);
        Assert.All(_requests, request => Assert.Empty(request.Authorization));
    }

    [Fact]
    public async Task Document_is_read_whatever_type_it_is_served_as_and_when_it_is_large()
    {
        _answer = async http =>
        {
            http.Response.ContentType = "application/octet-stream";
            await http.Response.WriteAsync($$"""{ "openapi": "3.0.3", "info": { "title": "Orders", "version": "1", "description": "{{new string('a', 13 * 1024 * 1024)}}" }, """);
            await http.Response.WriteAsync(""" "paths": { "/orders": { "get": { "operationId": "listOrders" } } } }""");
        };
        await using var services = Build(("Document", $"{_url}/openapi.json"), ("Operations", "listOrders"));

        Assert.Equal("orders__listOrders", Assert.Single(await ListAsync(services)).Name);
    }

    [Theory]
    [InlineData("Operations", "", "__Operations must be set")]
    [InlineData("BaseUrl", "", "__BaseUrl must be set")]
    [InlineData("BaseUrl", "ftp://x", "__BaseUrl is not an absolute http or https URL")]
    [InlineData("Document", "", "__Document must be set")]
    [InlineData("Document", "nope.json", "__Document names a file that does not exist")]
    public async Task Start_fails_with_one_line_when_a_setting_is_invalid(string name, string value, string message)
    {
        await using var services = Build(("Operations", "getOrder"), (name, value));

        Assert.Contains(
            "FuncChat__OpenApi__orders" + message,
            Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate()).Message, StringComparison.Ordinal);
    }

    private ServiceProvider Build(params (string Name, string Value)[] settings)
    {
        var path = Path.Combine(_folder.Path, "orders.json");
        File.WriteAllText(path, Document);
        var all = new Dictionary<string, string?> { ["Document"] = path, ["BaseUrl"] = $"{_url}/v1" };
        foreach (var (name, value) in settings)
            all[name] = value;
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(all.Select(setting => KeyValuePair.Create($"FuncChat:OpenApi:orders:{setting.Key}", setting.Value))).Build();
        return new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time).AddFuncChatTools(configuration).AddHealthChecks().Services.BuildServiceProvider();
    }

    private static async Task<IReadOnlyList<Tool>> ListAsync(IServiceProvider services) =>
        [.. (await services.GetRequiredService<ToolCatalog>().ListAsync(ToolUser.Unknown, CancellationToken.None)).Where(tool => tool.Reference.Source is not null)];

    private static async Task<string> CallAsync(IServiceProvider services, string name, string arguments)
    {
        var tool = await services.GetRequiredService<ToolCatalog>().GetAsync(name);
        var given = JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments)!;
        return Assert.IsType<string>(await tool.Function.InvokeAsync(Tool.ArgumentsFor(new McpRun(), given)));
    }
}
