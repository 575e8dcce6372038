using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FuncChat.Local;
using FuncChat.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Hostile;

public sealed class PageHeaderTests : IAsyncLifetime
{
    private readonly TemporaryFolder _dist = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(_dist.Path, "assets"));
        File.Copy(Repository.PathOf("staticwebapp", "hosting.json"), Path.Combine(_dist.Path, "staticwebapp.config.json"));
        await File.WriteAllTextAsync(Path.Combine(_dist.Path, "index.html"), $"<!doctype html><title>FuncChat</title>{new string(' ', 5000)}");
        await File.WriteAllTextAsync(Path.Combine(_dist.Path, "assets", "index.js"), $"// {new string('x', 5000)}");

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting().AddResponseCompression();
        _app = builder.Build();
        _app.MapGet("/api/text", () => TypedResults.Text(new string('x', 5000)));
        _app.UsePageFiles(_dist.Path);
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
        _http.DefaultRequestHeaders.Add("Accept-Encoding", "br, gzip");
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        _dist.Dispose();
    }

    [Theory]
    [InlineData("/", "no-cache")]
    [InlineData("/index.html", "no-cache")]
    [InlineData("/a/conversation", "no-cache")]
    [InlineData("/assets/index.js", "public, max-age=300")]
    public async Task Page_has_the_headers_of_the_cloud_except_for_tls(string path, string cache)
    {
        using var response = await _http.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("nosniff", HeaderOf(response, "X-Content-Type-Options"));
        Assert.Contains("frame-ancestors 'none'", HeaderOf(response, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("script-src 'self'", HeaderOf(response, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("no-referrer", HeaderOf(response, "Referrer-Policy"));
        Assert.Equal(cache, HeaderOf(response, "Cache-Control"));
        Assert.False(response.Headers.Contains("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("/.well-known/oauth-protected-resource/api/mcp")]
    [InlineData("/.well-known/oauth-authorization-server")]
    public async Task Page_is_no_answer_to_what_clients_look_for(string path)
    {
        using var response = await _http.GetAsync(path);

        Assert.Equal((HttpStatusCode.NotFound, null), (response.StatusCode, response.Content.Headers.ContentType));
    }

    // A rule of a Static Web App names a path, whether a file is there or not: a 404 during an update must not last.
    [Fact]
    public void No_rule_lets_a_missing_file_be_cached_for_long()
    {
        using var hosting = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("staticwebapp", "hosting.json")));
        var rules = hosting.RootElement.GetProperty("routes").EnumerateArray().Select(route => route.GetProperty("headers"))
            .Where(headers => headers.TryGetProperty("Cache-Control", out _))
            .Select(headers => headers.GetProperty("Cache-Control").GetString()!).ToList();

        Assert.NotEmpty(rules);
        Assert.All(rules, rule => Assert.True(CacheControlHeaderValue.Parse(rule).MaxAge <= TimeSpan.FromMinutes(5), rule));
    }

    [Theory]
    [InlineData("/", true)]
    [InlineData("/assets/index.js", true)]
    [InlineData("/api/text", false)]
    public async Task Page_is_compressed_and_the_api_is_not(string path, bool compressed)
    {
        using var response = await _http.GetAsync(path);

        Assert.Equal(compressed, response.Content.Headers.ContentEncoding.Count > 0);
    }

    private static string HeaderOf(HttpResponseMessage response, string name) => string.Join(", ", response.Headers.GetValues(name));
}
