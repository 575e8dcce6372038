using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Http;
using FuncChat.Tests.Engine.Models.OpenAi;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Engine.Models.Providers;

/// <summary>A model over HTTP, and a scripted provider that it calls once for each request.</summary>
public abstract class ProviderModelBench : IAsyncLifetime
{
    private readonly HttpClient _http = ProviderHttp.CreateClient();

    internal ScriptedModelServer Upstream { get; private set; } = null!;

    public async Task InitializeAsync() => Upstream = await ScriptedModelServer.StartAsync();

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await Upstream.DisposeAsync();
    }

    internal abstract ProviderEndpoint EndpointAt(string url);

    internal abstract IModel Connect(ProviderCall call);

    internal static Dictionary<string, RawJson> Options(params (string Name, string Json)[] options) =>
        options.ToDictionary(option => option.Name, option => new RawJson(Encoding.UTF8.GetBytes(option.Json)));

    internal async Task<Answer> AskAsync(ModelRequest request)
    {
        var call = new ProviderCall(_http, EndpointAt(Upstream.BaseUrl) with { MaxRetries = 0 }, TimeProvider.System, NullLogger.Instance);
        var answer = new Answer();
        await foreach (var chunk in Connect(call).StreamAsync(request, CancellationToken.None))
            answer.Add(chunk);
        return answer;
    }
}
