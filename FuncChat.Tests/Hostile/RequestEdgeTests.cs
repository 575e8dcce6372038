using System.Net;
using System.Text;
using System.Text.Json;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Moq;

namespace FuncChat.Tests.Hostile;

public sealed class RequestEdgeTests : IDisposable
{
    private const string Secret = "the disk at /secret/path is full";

    private readonly TemporaryFolder _folder = new();
    private readonly CapturedLogs _logs = new();

    public void Dispose()
    {
        _logs.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("GET", "api/chat/turn-0001")]
    [InlineData("DELETE", "api/chat/turn-0001")]
    [InlineData("POST", "api/chat")]
    [InlineData("POST", "api/proxy")]
    [InlineData("POST", "api/search", """{"query":"x"}""")]
    [InlineData("POST", "api/planning", """{"query":"x"}""")]
    public async Task Uncaught_exception_is_a_problem_with_a_trace_id_and_no_stack(
        string method, string path, string body = """{"messages":[{"role":"user","content":"x"}]}""")
    {
        await using var server = await LocalServer.StartWithAsync(
            _folder.Path,
            builder =>
            {
                builder.Logging.AddProvider(_logs);
                builder.Services.AddScoped<TurnService>(_ => throw new InvalidOperationException(Secret));
            },
            new FakeModel().Catalog);

        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        using var response = await server.Http.SendAsync(request);

        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal("INTERNAL", problem.GetProperty("code").GetString());
        Assert.NotEmpty(problem.GetProperty("trace_id").GetString()!);
        Assert.DoesNotContain("secret", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.True(response.Headers.Contains("X-Content-Type-Options"));
        Assert.Contains(_logs.Lines, line => line.Contains(Secret, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", "api/chat/turn-0001")]
    [InlineData("DELETE", "api/chat/turn-0001")]
    [InlineData("POST", "api/chat")]
    [InlineData("POST", "api/proxy")]
    public async Task Store_that_fails_is_503_with_retry_after_whatever_it_throws(string method, string path)
    {
        var store = new Mock<ITurnStore>();
        store.Setup(each => each.OpenAsync(It.IsAny<TurnKey>(), It.IsAny<CancellationToken>()))
            .Returns(() => Task.FromException<ITurnReader?>(new AggregateException(new IOException(Secret))));
        store.Setup(each => each.CreateAsync(It.IsAny<TurnKey>(), It.IsAny<ReadOnlyMemory<byte>>(), It.IsAny<CancellationToken>()))
            .Returns(() => Task.FromException<ITurnWriter?>(new UnauthorizedAccessException(Secret)));
        await using var server = await LocalServer.StartWithAsync(
            _folder.Path,
            builder =>
            {
                builder.Logging.AddProvider(_logs);
                builder.Services.AddSingleton(store.Object);
            },
            new FakeModel().Catalog);

        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = new StringContent("""{"messages":[{"role":"user","content":"x"}]}""", Encoding.UTF8, "application/json"),
        };
        using var response = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.DoesNotContain("secret", await response.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains(_logs.Lines, line => line.Contains(Secret, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", "api/mcp/oauth/client.json")]
    [InlineData("GET", "api/mcp/oauth-protected-resource")]
    [InlineData("POST", "api/mcp/servers/any/sign-in")]
    [InlineData("POST", "api/mcp")]
    [InlineData("POST", "api/v1/chat/completions")]
    [InlineData("GET", "api/models")]
    [InlineData("GET", "api/health")]
    public async Task Host_that_is_no_international_name_is_refused(string method, string path)
    {
        await using var server = await LocalServer.StartWithAsync(
            _folder.Path, builder => builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddProvider(_logs), new FakeModel().Catalog, settings: [("AllowedHosts", "*")]);

        foreach (var host in (string[])["xn--", "xn--.com", "a.xn--", "xn--:80"])
        {
            var answer = await RawHttp.SendAsync(
                server.Http.BaseAddress!, $"{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}");

            Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
            Assert.Contains("The Host header is not a valid host name and port.", answer, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(_logs.Lines, line => line.Contains("   at ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("api/mcp/oauth/client.json", "a..b")]
    [InlineData("api/mcp/oauth-protected-resource", "a..b")]
    [InlineData("api/mcp/oauth-protected-resource", "127.0.0.1:99999")]
    [InlineData("api/mcp/oauth-protected-resource", "")]
    public async Task Document_with_the_address_of_the_server_needs_a_host_that_makes_one(string path, string host)
    {
        await using var server = await LocalServer.StartWithAsync(_folder.Path, _ => { }, new FakeModel().Catalog, settings: [("AllowedHosts", "*")]);

        var answer = await RawHttp.SendAsync(server.Http.BaseAddress!, $"GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("The Host header is not a valid host name and port.", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api/chat", "gzip")]
    [InlineData("api/v1/chat/completions", "br")]
    [InlineData("api/ui/chat", "identity, deflate")]
    [InlineData("api/mcp", "GZIP")]
    [InlineData("api/files", "zstd")]
    public async Task Compressed_body_is_a_415_that_says_why(string path, string coding)
    {
        await using var server = await LocalServer.StartAsync(_folder.Path, new FakeModel().Catalog);

        using var content = new StringContent("{}", Encoding.UTF8, "application/json");
        content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        using var response = await server.Http.PostAsync(new Uri(path, UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Contains("Send the body without compression", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("identity", response.Headers.GetValues("Accept-Encoding").Single());
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("Identity")]
    [InlineData("")]
    public async Task Body_without_a_coding_is_read(string coding)
    {
        await using var server = await LocalServer.StartAsync(_folder.Path, new FakeModel().Says("Hello.").Catalog);

        using var content = new StringContent("""{"messages":[{"role":"user","content":"x"}]}""", Encoding.UTF8, "application/json");
        content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        using var response = await server.Http.PostAsync(new Uri("api/chat", UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
