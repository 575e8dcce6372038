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

    /// <summary>A conversation of two turns of a model that sends no ids: the turns' first calls have the same one.</summary>
    internal static IReadOnlyList<ReadOnlyMemory<byte>> SameIds { get; } =
    [
        """{"role":"user","content":"A"}"""u8.ToArray(),
        """{"role":"assistant","content":null,"tool_calls":[{"id":"call_1_0","type":"function","function":{"name":"f","arguments":"{}"}}]}"""u8.ToArray(),
        """{"role":"tool","tool_call_id":"call_1_0","content":"1"}"""u8.ToArray(),
        """{"role":"user","content":"B"}"""u8.ToArray(),
        """{"role":"assistant","content":null,"tool_calls":[{"id":"call_1_0","type":"function","function":{"name":"f","arguments":"{}"}}]}"""u8.ToArray(),
        """{"role":"tool","tool_call_id":"call_1_0","content":"2"}"""u8.ToArray(),
    ];

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
