using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using FuncChat.Tests.Support;
using FuncChat.Web.Telemetry;

namespace FuncChat.Tests.Web.Telemetry;

/// <summary>A `traceparent` from outside, with the real instrumentation of OpenTelemetry.</summary>
public sealed class CallerTraceTests : IAsyncLifetime
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Sampled = $"00-{Trace}-00f067aa0ba902b7-01";
    private const string NotSampled = $"00-{Trace}-00f067aa0ba902b7-00";
    private const string ApiKey = "fchat_0123456789abcdef0123456789abcdef";

    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly TemporaryFolder _folder = new();
    private readonly string _turnId = $"turn-{Guid.NewGuid():N}";
    private ActivityListener _listener = null!;
    private OtlpReceiver _collector = null!;
    private LocalServer _server = null!;

    public async Task InitializeAsync()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.None,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
        _collector = await OtlpReceiver.StartAsync();
        _server = await LocalServer.StartWithAsync(
            _folder.Path, builder => builder.Services.AddFuncChatTelemetry(builder.Configuration), null, null,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", _collector.Url), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("FuncChat:Auth:ApiKeys:bot:Hash", GuardedServer.HashOf(ApiKey)));
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _collector.DisposeAsync();
        _listener.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(Sampled)]
    [InlineData(NotSampled)]
    public async Task Stranger_neither_joins_a_trace_nor_decides_whether_it_is_recorded(string traceParent)
    {
        var span = await AskAsync(traceParent, key: null, HttpStatusCode.Unauthorized);

        AssertOwn(span);
        Assert.Empty(span.Links);
    }

    [Fact]
    public async Task Trace_of_a_caller_who_has_signed_in_is_linked()
    {
        var span = await AskAsync(NotSampled, ApiKey, HttpStatusCode.NotFound);

        AssertOwn(span);
        Assert.Equal(Trace, Assert.Single(span.Links).Context.TraceId.ToHexString());
        Assert.Null(span.Links.Single().Context.TraceState);
    }

    [Theory]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("not a traceparent")]
    public async Task Invalid_traceparent_is_not_linked(string traceParent) =>
        Assert.Empty((await AskAsync(traceParent, ApiKey, HttpStatusCode.NotFound)).Links);

    private static void AssertOwn(Activity span)
    {
        Assert.NotEqual(Trace, span.TraceId.ToHexString());
        Assert.Equal(default, span.ParentSpanId);
        Assert.True(span.Recorded);
        Assert.True(string.IsNullOrEmpty(span.TraceStateString));
        Assert.Empty(span.Baggage);
    }

    private async Task<Activity> AskAsync(string traceParent, string? key, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/turns/{_turnId}");
        request.Headers.TryAddWithoutValidation("traceparent", traceParent);
        request.Headers.TryAddWithoutValidation("tracestate", "stranger=1");
        request.Headers.TryAddWithoutValidation("baggage", "stranger=1");
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        using (var response = await _server.Http.SendAsync(request))
            Assert.Equal(status, response.StatusCode);

        // Spans are stopped before the server has ended.
        await _server.StopAsync();
        return _spans.Single(span => span.GetTagItem("url.path") as string == $"/api/turns/{_turnId}");
    }
}
