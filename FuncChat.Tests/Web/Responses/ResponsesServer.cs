using System.Text;
using System.Text.Json;
using FuncChat.Tests.Support;
using Microsoft.AspNetCore.Builder;

namespace FuncChat.Tests.Web.Responses;

/// <summary>A server with a scripted provider, as clients of OpenAI's Responses API call it.</summary>
internal sealed class ResponsesServer : IAsyncDisposable
{
    public const string Path = "api/v1/responses";

    private readonly TemporaryFolder _folder = new();

    private ResponsesServer(ScriptedModelServer upstream, GatedTools tools) => (Upstream, Tools) = (upstream, tools);

    public ScriptedModelServer Upstream { get; }

    public GatedTools Tools { get; }

    public LocalServer Server { get; private set; } = null!;

    public HttpClient Http => Server.Http;

    public static Task<ResponsesServer> StartAsync(params (string Name, string Value)[] settings) => StartWithAsync(_ => { }, settings);

    /// <param name="configure">Changes what the server is made of.</param>
    public static async Task<ResponsesServer> StartWithAsync(Action<WebApplicationBuilder> configure, params (string Name, string Value)[] settings)
    {
        var server = new ResponsesServer(await ScriptedModelServer.StartAsync(), new GatedTools());
        (string Name, string Value)[] defaults =
            [("OPENAI_API_KEY", "sk-test"), ("OPENAI_API_URL", server.Upstream.BaseUrl), ("FuncChat:Providers:openai:MaxRetries", "0")];
        server.Server = await LocalServer.StartWithAsync(
            server._folder.Path, configure, tools: server.Tools, settings: [.. settings.UnionBy(defaults, setting => setting.Name)]);
        return server;
    }

    /// <summary>A body with one question, and more fields, each after a comma.</summary>
    public static string Body(string more = "") => $$"""{"model":"openai:scripted","input":"Hello"{{more}}}""";

    public Task<HttpResponseMessage> PostAsync(string body, string path = Path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Posts a body whose answer is one response.</summary>
    public async Task<JsonElement> CreateAsync(string body)
    {
        using var response = await PostAsync(body);
        return await ReadAsync(response);
    }

    /// <summary>Posts a body whose answer is a stream of events.</summary>
    public async Task<StreamedResponse> StreamAsync(string body)
    {
        using var response = await PostAsync(body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return StreamedResponse.Parse(text);
    }

    /// <summary>Gets a response.</summary>
    public async Task<JsonElement> GetAsync(string id)
    {
        using var response = await Http.GetAsync($"{Path}/{id}");
        return await ReadAsync(response);
    }

    /// <summary>Follows a response after an event.</summary>
    public async Task<StreamedResponse> FollowAsync(string id, long? startingAfter = null) => StreamedResponse.Parse(
        await Http.GetStringAsync($"{Path}/{id}?stream=true{(startingAfter is { } after ? $"&starting_after={after}" : "")}"));

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Upstream.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }
}
