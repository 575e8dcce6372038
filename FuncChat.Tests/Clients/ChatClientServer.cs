using System.Collections.Concurrent;
using System.Text.Json;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Clients;

/// <summary>
/// The server that stock chat clients call, with a provider that answers by the words of the question. All clients share it; the question's end names the
/// client, so that their calls can be told apart.
/// </summary>
public sealed class ChatClientServer : IAsyncLifetime
{
    private static readonly string Scripts = Repository.PathOf("FuncChat.Tests", "Clients", "chat");

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<JsonElement>>> _results = new(StringComparer.Ordinal);
    private ScriptedModelServer _upstream = null!;
    private LocalServer _server = null!;

    /// <summary>To whom mail was sent.</summary>
    public ConcurrentQueue<string> Sent { get; } = [];

    public HttpClient Http => _server.Http;

    public async Task InitializeAsync()
    {
        await NodeTool.ScriptAsync(Scripts, Path.Combine("ai", "package.json"));
        _upstream = (await ScriptedModelServer.StartAsync()).Otherwise(ChatScript.Answer);
        _server = await LocalServer.StartWithAsync(
            _folder.Path,
            builder =>
            {
                foreach (var tool in ChatScript.Tools(Sent))
                    builder.Services.AddSingleton(tool);
            },
            settings: [
                ("OPENAI_API_KEY", "sk-test"), ("OPENAI_API_URL", _upstream.BaseUrl), ("OPENAI_MODELS", "scripted"),
                ("FuncChat:Providers:openai:MaxRetries", "0")]);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Runs the script of a client, once, and returns what its checks returned, by their names.</summary>
    internal Task<JsonElement> ResultsAsync(string script, string path, params string[] arguments) => _results.GetOrAdd(
        string.Join(' ', [script, .. arguments]), _ => new Lazy<Task<JsonElement>>(() => RunAsync(script, path, arguments))).Value;

    private async Task<JsonElement> RunAsync(string script, string path, string[] arguments)
    {
        var (exitCode, output) = await NodeTool.RunAsync(Scripts, "node", [$"{script}.mjs", new Uri(Http.BaseAddress!, path).ToString(), .. arguments]);
        Assert.True(exitCode == 0, output);
        return JsonElement.Parse(output);
    }
}
