using System.Text;
using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.OpenAi;

/// <summary>A server with a scripted provider, as OpenAI's clients call it.</summary>
internal sealed class CompletionsServer : IAsyncDisposable
{
    public const string Path = "api/v1/chat/completions";

    private readonly TemporaryFolder _folder = new();

    private CompletionsServer(ScriptedModelServer upstream, GatedTools tools) => (Upstream, Tools) = (upstream, tools);

    public ScriptedModelServer Upstream { get; }

    public GatedTools Tools { get; }

    public LocalServer Server { get; private set; } = null!;

    public static async Task<CompletionsServer> StartAsync(params (string Name, string Value)[] settings)
    {
        var server = new CompletionsServer(await ScriptedModelServer.StartAsync(), new GatedTools());
        (string Name, string Value)[] defaults =
            [("OPENAI_API_KEY", "sk-test"), ("OPENAI_API_URL", server.Upstream.BaseUrl), ("FuncChat:Providers:openai:MaxRetries", "0")];
        server.Server = await LocalServer.StartAsync(
            server._folder.Path, tools: server.Tools, settings: [.. settings.UnionBy(defaults, setting => setting.Name)]);
        return server;
    }

    /// <summary>A body with one question, and more fields, each after a comma.</summary>
    public static string Body(string more = "") => $$"""{"model":"openai:scripted","messages":[{"role":"user","content":"Hello"}]{{more}}}""";

    public Task<HttpResponseMessage> PostAsync(string body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return Server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Posts a body whose answer is one `chat.completion`.</summary>
    public async Task<JsonElement> CompleteAsync(string body)
    {
        using var response = await PostAsync(body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }

    /// <summary>Posts a body whose answer is a stream, and adds its chunks up to what a `chat.completion` would be.</summary>
    public async Task<StreamedCompletion> StreamAsync(string body)
    {
        using var response = await PostAsync(body);
        return StreamedCompletion.Parse(await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Upstream.DisposeAsync();
        _folder.Dispose();
    }
}
