using FuncChat.Tests.Support;
using FuncChat.Web.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace FuncChat.Tests.Web.Telemetry;

/// <summary>The real exporter, from a request to a collector. What is secret or a person's own words is a canary here.</summary>
public sealed class OtlpExportTests : IAsyncLifetime
{
    private const string Key = "gsk_Canary8e2bKey0123456789abcdefghij";
    private const string Token = "Canary8e2bToken.token.signature";
    private const string Words = "Canary8e2bWords";
    private const string Query = "Canary8e2bQuery";
    private const string Page = "/page-of-8e2b";
    private const string Canary = "Canary8e2b";
    private const string Link = "share_8e2b43bf0123456789abcdef";

    private readonly string _model = $"model-{Guid.NewGuid():N}";
    private readonly string _turnId = $"turn-{Guid.NewGuid():N}";
    private readonly TemporaryFolder _folder = new();
    private ScriptedModelServer _upstream = null!;
    private ScriptedWebServer _web = null!;
    private OtlpReceiver _collector = null!;

    public async Task InitializeAsync()
    {
        _collector = await OtlpReceiver.StartAsync();
        _upstream = await ScriptedModelServer.StartAsync();
        _web = await ScriptedWebServer.StartAsync();
        _upstream.Calls((GatedTools.Echo, $$"""{"text":"{{Words}}"}"""), ("search_web", $$"""{"query":"{{Query}}"}"""),
            ("scrape_web_content", $$"""{"url":"{{_web.Url.GetLeftPart(UriPartial.Authority)}}{{Page}}?q={{Query}}"}"""), (GatedTools.Breaks, "{}")).Says(Words);
    }

    public async Task DisposeAsync()
    {
        await _upstream.DisposeAsync();
        await _web.DisposeAsync();
        await _collector.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Spans_metrics_and_logs_reach_the_collector_without_keys_tokens_and_words()
    {
        await ChatAsync();

        var (traces, metrics, logs) = (_collector.Received("traces"), _collector.Received("metrics"), _collector.Received("logs"));
        foreach (var expected in (string[])[_turnId, "invoke_agent FuncChat", $"chat {_model}", "execute_tool Echo", "execute_tool search_web", "POST /api/chat", "/api/shared/", "funcchat", "groq", "service.name"])
            Assert.Contains(expected, traces, StringComparison.Ordinal);
        foreach (var expected in (string[])[_model, "gen_ai.client.operation.time_to_first_chunk", "gen_ai.client.token.usage", "gen_ai.execute_tool.duration", "funcchat.turns.live",
            "funcchat.events", "funcchat.log.queue", "funcchat.turn.duration", "http.server.request.duration"])
            Assert.Contains(expected, metrics, StringComparison.Ordinal);
        Assert.Contains("Tool Breaks, run", logs, StringComparison.Ordinal);
        Assert.Contains(_upstream.Requests, request => request.Headers["Authorization"] == $"Bearer {Key}");
        Assert.Contains(_web.Requests, request => request.StartsWith(Page, StringComparison.Ordinal));

        // Of outgoing calls, the server alone: the path and query may be personal.
        Assert.Contains($"http://{_upstream.Address.Authority}", traces, StringComparison.Ordinal);
        Assert.DoesNotContain($"{_upstream.Address.Authority}/", traces, StringComparison.Ordinal);
        Assert.DoesNotContain($"{_web.Url.Authority}/", traces, StringComparison.Ordinal);
        Assert.DoesNotContain(Page, logs, StringComparison.Ordinal);
        Assert.DoesNotContain(Link, traces, StringComparison.Ordinal);
        Assert.All([traces, metrics, logs], signal => Assert.DoesNotContain(Canary, signal, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Words_reach_the_collector_when_they_are_asked_for_and_keys_do_not()
    {
        await ChatAsync(("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true"));

        Assert.Contains(Words, _collector.Received("traces"), StringComparison.Ordinal);
        Assert.DoesNotContain(Words, _collector.Received("metrics"), StringComparison.Ordinal);
        foreach (var signal in (string[])["traces", "metrics", "logs"])
        {
            Assert.DoesNotContain(Key, _collector.Received(signal), StringComparison.Ordinal);
            Assert.DoesNotContain(Token, _collector.Received(signal), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Service_has_the_configured_name_and_its_health_probes_are_not_traced()
    {
        await ChatAsync(("OTEL_SERVICE_NAME", "chat-of-the-house"));

        Assert.Contains("chat-of-the-house", _collector.Received("traces"), StringComparison.Ordinal);
        Assert.DoesNotContain("/api/health", _collector.Received("traces"), StringComparison.Ordinal);
    }

    // Those of the test itself are such calls: what it listens to is all of the process.
    [Fact]
    public async Task Calls_are_not_traced_outside_a_request()
    {
        var server = await ChatAsync();

        Assert.Contains($"http://{_upstream.Address.Authority}", _collector.Received("traces"), StringComparison.Ordinal);
        Assert.DoesNotContain($"http://{server.Authority}", _collector.Received("traces"), StringComparison.Ordinal);
    }

    private async Task<Uri> ChatAsync(params (string Name, string Value)[] settings)
    {
        var host = _web.Url.Authority;
        var tools = new GatedTools();
        await using var server = await LocalServer.StartWithAsync(
            _folder.Path, builder => builder.Services.AddFuncChatTelemetry(builder.Configuration), null, tools,
            [
                ("GROQ_API_KEY", Key), ("GROQ_API_URL", _upstream.BaseUrl), ("GROQ_MODELS", _model), ("FuncChat:Web:AllowedPrivateHosts", host),
                ("FuncChat:Search:DuckDuckGoUrl", $"http://{host}/duck"), ("OTEL_EXPORTER_OTLP_ENDPOINT", _collector.Url), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
                .. settings,
            ]);
        server.Http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {Token}");
        (await server.Http.GetAsync("api/health")).Dispose();
        (await server.Http.GetAsync($"api/shared/{Link}")).Dispose();
        await using (var turn = await TurnStream.PostAsync(server.Http,
            $$"""{"messages":[{"role":"user","content":"{{Words}}"}],"model":"groq:{{_model}}","turn_id":"{{_turnId}}","tools":["Echo","search_web","scrape_web_content","Breaks"]}"""))
        {
            Assert.Equal("complete", (await turn.ToEndAsync())[^1].Name);
        }

        // What it has to tell it tells before it ends.
        await server.StopAsync();
        server.Services.GetRequiredService<TracerProvider>().ForceFlush();
        server.Services.GetRequiredService<MeterProvider>().ForceFlush();
        server.Services.GetRequiredService<LoggerProvider>().ForceFlush();
        return server.Http.BaseAddress!;
    }
}
