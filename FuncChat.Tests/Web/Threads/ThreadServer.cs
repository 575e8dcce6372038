using System.Net;
using System.Text;
using System.Text.Json;
using FuncChat.Tests.Support;
using Microsoft.AspNetCore.Builder;

namespace FuncChat.Tests.Web.Threads;

/// <summary>A server with two users, and what a client of threads does.</summary>
internal sealed class ThreadServer : IAsyncDisposable
{
    private const string AdaKey = "fchat_0123456789abcdef0123456789abcdef";
    private const string BobKey = "fchat_fedcba9876543210fedcba9876543210";

    private readonly TemporaryFolder? _folder;
    private readonly LocalServer _server;

    private ThreadServer(TemporaryFolder? folder, string dataPath, LocalServer server, FakeModel model, GatedTools tools)
    {
        _folder = folder;
        DataPath = dataPath;
        _server = server;
        Model = model;
        Tools = tools;
        Ada = ClientWith(AdaKey);
        Bob = ClientWith(BobKey);
    }

    public string DataPath { get; }

    public FakeModel Model { get; }

    public GatedTools Tools { get; }

    public HttpClient Ada { get; }

    public HttpClient Bob { get; }

    public IServiceProvider Services => _server.Services;

    public static async Task<ThreadServer> StartAsync(
        Action<WebApplicationBuilder>? configure = null, string? dataPath = null, params (string Name, string Value)[] settings)
    {
        var folder = dataPath is null ? new TemporaryFolder() : null;
        var (model, tools) = (new FakeModel(), new GatedTools());
        var server = await LocalServer.StartWithAsync(
            dataPath ?? folder!.Path, configure ?? (_ => { }), model.Catalog, tools,
            [
                ("FuncChat:Auth:ApiKeys:ada:Hash", GuardedServer.HashOf(AdaKey)), ("FuncChat:Auth:ApiKeys:bob:Hash", GuardedServer.HashOf(BobKey)),
                ("FuncChat:Approvals:Default", "Never"), .. settings,
            ]);
        return new ThreadServer(folder, dataPath ?? folder!.Path, server, model, tools);
    }

    /// <summary>Sends a message in a thread, and reads the turn to its end.</summary>
    public async Task<IReadOnlyList<SseEvent>> ChatAsync(string text, string turnId, string more = "", string thread = "thread-0001")
    {
        await using var turn = await StartChatAsync(text, turnId, more, thread);
        return await turn.ToEndAsync();
    }

    public Task<TurnStream> StartChatAsync(string text, string turnId, string more = "", string thread = "thread-0001") =>
        TurnStream.PostAsync(Ada, Body(text, turnId, more, thread));

    public static string Body(string text, string turnId, string more = "", string thread = "thread-0001") =>
        $$"""{"messages":[{"role":"user","content":"{{text}}"}],"thread_id":"{{thread}}","turn_id":"{{turnId}}"{{more}}}""";

    public async Task<JsonElement> GetAsync(string path)
    {
        using var response = await Ada.GetAsync(path);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {text}");
        return JsonElement.Parse(text);
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body = null, string? ifMatch = null) => SendAsync(Ada, method, path, body, ifMatch);

    public static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, string path, string? body = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await http.SendAsync(request);
    }

    /// <summary>The texts of the messages that the model was last sent.</summary>
    public IReadOnlyList<string> LastConversation() =>
        [.. Model.Requests[^1].Messages.Select(message => JsonElement.Parse(message.Span)).Select(message => $"{message.GetProperty("role")}: {message.GetProperty("content")}")];

    /// <summary>Stops as on SIGTERM.</summary>
    public Task StopAsync() => _server.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Ada.Dispose();
        Bob.Dispose();
        await _server.DisposeAsync();
        _folder?.Dispose();
    }

    private HttpClient ClientWith(string key)
    {
        var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = _server.Http.BaseAddress, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return http;
    }
}
