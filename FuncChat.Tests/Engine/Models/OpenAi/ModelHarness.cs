using System.Text;
using System.Text.Json;
using FuncChat.Engine.Models.Http;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.OpenAi;
using FuncChat.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Engine.Models.OpenAi;

/// <summary>An <see cref="OpenAiModel"/> that calls a <see cref="ScriptedModelServer"/> over a real socket.</summary>
internal sealed class ModelHarness : IAsyncDisposable
{
    public const string Key = "sk-test-0123456789abcdef";

    private readonly HttpClient _http;

    private ModelHarness(ScriptedModelServer upstream, HttpClient http, ProviderEndpoint endpoint, TimeProvider time)
    {
        Upstream = upstream;
        _http = http;
        Model = new OpenAiModel(new ProviderCall(http, endpoint, time, NullLogger.Instance));
    }

    public ScriptedModelServer Upstream { get; }

    public OpenAiModel Model { get; }

    public static ModelRequest Request { get; } = new() { Model = "m", Messages = ["""{"role":"user","content":"hi"}"""u8.ToArray()] };

    /// <param name="configure">Changes the endpoint, which does not retry by default.</param>
    /// <param name="wrap">Wraps the handler that real calls use.</param>
    public static async Task<ModelHarness> StartAsync(
        TimeProvider? time = null,
        Func<ProviderEndpoint, ProviderEndpoint>? configure = null,
        Func<HttpMessageHandler, HttpMessageHandler>? wrap = null)
    {
        var upstream = await ScriptedModelServer.StartAsync();
        var endpoint = ProviderEndpoint.For("scripted", upstream.BaseUrl, Key, "/chat/completions") with { MaxRetries = 0 };
        var handler = ProviderHttp.CreateHandler();
        var http = wrap is null ? ProviderHttp.CreateClient() : new HttpClient(wrap(handler)) { Timeout = Timeout.InfiniteTimeSpan };
        return new ModelHarness(upstream, http, configure?.Invoke(endpoint) ?? endpoint, time ?? TimeProvider.System);
    }

    /// <summary>The whole answer.</summary>
    public async Task<Answer> AskAsync(ModelRequest? request = null, CancellationToken cancellationToken = default)
    {
        var answer = new Answer();
        await foreach (var chunk in Model.StreamAsync(request ?? Request, cancellationToken))
            answer.Add(chunk);
        return answer;
    }

    /// <summary>A tool that a client defines.</summary>
    public static AIFunctionDeclaration Tool(string name, bool? strict) => new DeclaredTool(name, "", JsonElement.Parse("""{"type":"object"}"""), strict);

    /// <summary>A tool whose schema providers refuse as it is, and that has no description.</summary>
    public static AIFunctionDeclaration ToolWithAlternatives { get; } = new DeclaredTool(
        "attach", "", JsonElement.Parse("""{"type":"object","anyOf":[{"properties":{"content":{"type":"string"}},"required":["content"]},{"properties":{"url":{"type":"string"}},"required":["url"]}]}"""));

    /// <summary>The error that the call ends with.</summary>
    public async Task<AppError> FailAsync() => (await Assert.ThrowsAsync<ModelException>(() => AskAsync())).Error;

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return Upstream.DisposeAsync();
    }
}

/// <summary>What the chunks of a call add up to.</summary>
internal sealed class Answer
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _refusal = new();
    private readonly StringBuilder _reasoning = new();

    public string Refusal => Unescape(_refusal);

    public string Text => Unescape(_text);

    public string Reasoning => Unescape(_reasoning);

    public List<string> Pieces { get; } = [];

    public SortedDictionary<int, (string? Id, string? Name, string Arguments)> ToolCalls { get; } = [];

    public ModelUsage? Usage { get; private set; }

    public string? FinishReason { get; private set; }

    public ModelState? State { get; private set; }

    public List<ModelRetry> Retries { get; } = [];

    public IReadOnlyList<ModelSource> Sources { get; private set; } = [];

    public void Add(ModelChunk chunk)
    {
        Assert.True(FinishReason is null || chunk.Kind is ModelChunkKind.Usage, "Only usage may follow the finish.");
        switch (chunk.Kind)
        {
            case ModelChunkKind.Text:
                Pieces.Add(Encoding.UTF8.GetString(chunk.EscapedText.Span));
                _text.Append(Pieces[^1]);
                break;
            case ModelChunkKind.Refusal:
                _refusal.Append(Encoding.UTF8.GetString(chunk.EscapedText.Span));
                break;
            case ModelChunkKind.Reasoning:
                _reasoning.Append(Encoding.UTF8.GetString(chunk.EscapedText.Span));
                break;
            case ModelChunkKind.ToolCall:
                var (index, id, name, arguments) = chunk.ToolCall;
                var call = ToolCalls.GetValueOrDefault(index);
                Assert.True(call.Id is null || id is null, "An id comes once.");
                Assert.True(name is null || string.IsNullOrEmpty(call.Arguments), "A name comes before the arguments.");
                ToolCalls[index] = (call.Id ?? id, call.Name + name, call.Arguments + arguments);
                break;
            case ModelChunkKind.State:
                State = chunk.State;
                break;
            case ModelChunkKind.Sources:
                Assert.Empty(Sources);
                Sources = chunk.Sources;
                break;
            case ModelChunkKind.Retry:
                Retries.Add(chunk.Retry);
                break;
            case ModelChunkKind.Usage:
                Usage = chunk.Usage;
                break;
            case ModelChunkKind.Finish:
                FinishReason = chunk.FinishReason;
                break;
            default:
                Assert.Fail($"Unknown kind {chunk.Kind}.");
                break;
        }
    }

    private static string Unescape(StringBuilder escaped) => JsonSerializer.Deserialize<string>($"\"{escaped}\"")!;
}
