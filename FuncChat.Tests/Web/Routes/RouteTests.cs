using System.Net;
using System.Text.Json;
using FuncChat.Tests.Support;
using FuncChat.Web.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Routes;

public sealed class RouteTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private LocalServer _server = null!;

    public async Task InitializeAsync() => _server = await LocalServer.StartAsync(_folder.Path, new FakeModel().Says("Hi.").Catalog);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("PUT", "api/chat", "POST")]
    [InlineData("GET", "api/chat", "POST")]
    [InlineData("POST", "api/chat/turn-0001", "GET, HEAD, DELETE")]
    [InlineData("PATCH", "api/turns/turn-0001", "GET, HEAD, DELETE")]
    [InlineData("DELETE", "api/models", "GET, HEAD")]
    [InlineData("POST", "api/health", "GET, HEAD")]
    [InlineData("OPTIONS", "api/search", "POST")]
    public async Task Path_answers_another_method_with_405_and_the_methods_that_it_has(string method, string path, string allow)
    {
        using var response = await SendAsync(method, path);

        var problem = await Problem.OfAsync(response);
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "INVALID_REQUEST"), (problem.Status, problem.Code));
        Assert.Equal(allow, string.Join(", ", response.Content.Headers.Allow));
    }

    [Theory]
    [InlineData("POST", "api/v1/models", "GET, HEAD")]
    [InlineData("DELETE", "api/v1/models/a", "GET, HEAD")]
    [InlineData("GET", "api/v1/chat/completions", "POST")]
    public async Task Path_of_several_routes_names_each_method_once(string method, string path, string allow)
    {
        using var response = await SendAsync(method, path);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(allow, string.Join(", ", response.Content.Headers.Allow));
    }

    [Theory]
    [InlineData("GET", "api/nothing")]
    [InlineData("POST", "api/turns")]
    [InlineData("GET", "api/turns/turn-0001/events")]
    [InlineData("DELETE", "api")]
    public async Task Unknown_path_is_a_404(string method, string path)
    {
        using var response = await SendAsync(method, path);

        var problem = await Problem.OfAsync(response);
        Assert.Equal((HttpStatusCode.NotFound, "NOT_FOUND"), (problem.Status, problem.Code));
    }

    [Theory]
    [InlineData("GET", "v1/models")]
    [InlineData("POST", "V1/chat/completions")]
    [InlineData("POST", "chat/completions")]
    [InlineData("POST", "responses")]
    [InlineData("POST", "api/chat/completions")]
    [InlineData("POST", "api/proxy/chat/completions")]
    [InlineData("POST", "api/openai/v1/chat/completions")]
    [InlineData("GET", "api/openai/v1/models")]
    [InlineData("POST", "api/responses")]
    public async Task Client_of_openai_with_a_wrong_base_url_reads_the_right_one(string method, string path)
    {
        using var response = await SendAsync(method, path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("/api/v1", await ErrorOfAsync(response), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("conversations", "send an id of your choice in conversation")]
    [InlineData("conversations/conv_1/items", "send an id of your choice in conversation")]
    [InlineData("files", "POST /api/files")]
    [InlineData("files/file_1/content", "POST /api/files")]
    [InlineData("embeddings", "chat/completions, models and responses")]
    [InlineData("responses/input_tokens", "chat/completions, models and responses")]
    [InlineData("responses/compact", "chat/completions, models and responses")]
    public async Task Route_of_openai_that_the_server_lacks_is_a_404_that_says_what_it_has(string path, string text)
    {
        using var response = await SendAsync("POST", $"api/v1/{path}");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains(text, await ErrorOfAsync(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_path_for_get_answers_head_without_a_body()
    {
        await using (var turn = await TurnStream.PostAsync(_server.Http, """{"messages":[{"role":"user","content":"Hello"}],"turn_id":"turn-0001","thread_id":"thread-0001"}"""))
            await turn.ToEndAsync();

        using var uploaded = await _server.Http.PostAsync("api/files", new StringContent("Hello"));
        var file = JsonElement.Parse(await uploaded.Content.ReadAsStringAsync()).GetProperty("id").GetString();

        using var shared = await _server.Http.PostAsync("api/threads/thread-0001/share", new StringContent("{}", System.Text.Encoding.UTF8, "application/json"));
        var share = JsonElement.Parse(await shared.Content.ReadAsStringAsync()).GetProperty("id").GetString();

        // The callback of a sign-in redirects, and the thread has no file.
        foreach (var route in ApiRoutes.All.Where(route => route.Methods.Contains("GET") && route != ApiRoutes.McpCallback && route != ApiRoutes.ReadSharedFile))
        {
            var path = $"api/{route.Path.Replace("{turnId}", "turn-0001", StringComparison.Ordinal).Replace("{responseId}", "turn-0001", StringComparison.Ordinal).Replace("{threadId}", "thread-0001", StringComparison.Ordinal).Replace("{shareId}", share, StringComparison.Ordinal).Replace("{chatId}", "thread-0001", StringComparison.Ordinal).Replace("{fileId}", file, StringComparison.Ordinal).Replace("{*modelId}", FakeModel.Name, StringComparison.Ordinal)}";
            using var head = await SendAsync("HEAD", path);
            using var get = await SendAsync("GET", path);

            Assert.Equal((HttpStatusCode.OK, get.Content.Headers.ContentType), (head.StatusCode, head.Content.Headers.ContentType));
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }

        using var unknown = await SendAsync("HEAD", "api/turns/turn-9999");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Theory]
    [InlineData("chat one", "chat%20one")]
    [InlineData("chat%2Fone", "chat%2Fone")]
    [InlineData("chat+one", "chat+one")]
    [InlineData("Grüße", "Gr%C3%BC%C3%9Fe")]
    public async Task Id_in_the_path_is_the_same_for_a_host_that_has_no_routing(string chat, string path)
    {
        using var body = new StringContent($$"""{"id":"{{chat}}","messages":[{"id":"q","role":"user","parts":[{"type":"text","text":"Hello"}]}]}""", System.Text.Encoding.UTF8, "application/json");
        using var started = await _server.Http.PostAsync("api/ui/chat", body);
        await started.Content.ReadAsStringAsync();
        await using var scope = _server.Services.CreateAsyncScope();
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider, Connection = { RemoteIpAddress = IPAddress.Loopback, LocalIpAddress = IPAddress.Loopback } };
        (http.Request.Method, http.Request.Host, http.Request.Path) = ("HEAD", new HostString("127.0.0.1"), PathString.FromUriComponent($"/api/ui/chat/{path}/stream"));
        http.Request.QueryString = new QueryString("?startIndex=0");
        http.Request.RouteValues["path"] = "a value of the host's own";

        using var routed = await SendAsync("HEAD", $"api/ui/chat/{path}/stream?startIndex=0");
        await ApiRoutes.ResumeUiChat.RunAsync(http);

        var turnId = started.Headers.GetValues("X-Turn-Id").Single();
        Assert.Equal((turnId, turnId), (routed.Headers.GetValues("X-Turn-Id").Single(), http.Response.Headers["X-Turn-Id"].ToString()));
    }

    [Fact]
    public async Task Problem_has_its_length()
    {
        using var response = await SendAsync("GET", "api/nothing");

        Assert.True(response.Content.Headers.ContentLength > 0);
        Assert.Null(response.Headers.TransferEncodingChunked);
    }

    private Task<HttpResponseMessage> SendAsync(string method, string path) => _server.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

    private static async Task<string> ErrorOfAsync(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("error").GetProperty("message").GetString()!;
}
