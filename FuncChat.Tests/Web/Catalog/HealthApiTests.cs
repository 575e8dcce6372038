using System.Text.Json;
using FuncChat.Tests.Support;
using FuncChat.Web.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Web.Catalog;

public sealed class HealthApiTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LogLines _log = new();

    [Theory]
    [InlineData(HealthStatus.Healthy, 200, "ok", "ok")]
    [InlineData(HealthStatus.Degraded, 200, "degraded", "degraded")]
    [InlineData(HealthStatus.Unhealthy, 503, "failed", "failed")]
    public async Task Answer_has_a_line_for_each_dependency_and_is_as_well_as_the_worst(HealthStatus status, int code, string whole, string line)
    {
        var (answered, document) = await AskAsync(status, ("durable", _ => Task.CompletedTask));

        Assert.Equal(code, answered);
        Assert.Equal($$$"""{"status":"{{{whole}}}","dependencies":{"some":"{{{line}}}","durable":"ok"}}""", document);
    }

    [Fact]
    public async Task Dependency_of_the_request_has_failed_when_its_probe_throws_and_only_the_log_says_why()
    {
        var (answered, document) = await AskAsync(HealthStatus.Healthy, ("durable", _ => throw new InvalidOperationException("secret")));

        Assert.Equal(503, answered);
        Assert.Equal("""{"status":"failed","dependencies":{"some":"ok","durable":"failed"}}""", document);
        Assert.Contains("Warning 1311: The dependency durable does not respond", _log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dependency_of_the_request_has_failed_when_its_probe_hangs()
    {
        var asked = new ManualSignal();
        var asking = AskAsync(HealthStatus.Healthy, ("durable", HangAsync));
        await asked.WaitAsync();

        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(503, (await asking).Code);

        Task HangAsync(CancellationToken _)
        {
            asked.Set();
            return new TaskCompletionSource().Task;
        }
    }

    [Fact]
    public async Task Dependencies_are_asked_again_when_five_seconds_have_passed_and_not_before()
    {
        var probes = 0;
        var services = new ServiceCollection().AddLogging();
        services.AddHealthChecks();
        await using var provider = services.BuildServiceProvider();
        using var health = new HealthApi(
            provider.GetRequiredService<HealthCheckService>(), _time, provider.GetRequiredService<ILogger<HealthApi>>());

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskOnceAsync()));
        _time.Advance(TimeSpan.FromSeconds(4.9));
        await AskOnceAsync();
        Assert.Equal(1, probes);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await AskOnceAsync();

        Assert.Equal(2, probes);

        Task<IResult> AskOnceAsync()
        {
            var http = new DefaultHttpContext();
            http.Features.Set(new RequestProbe("some", _ => Task.FromResult(Interlocked.Increment(ref probes))));
            return health.CheckAsync(http);
        }
    }

    private async Task<(int Code, string Document)> AskAsync(HealthStatus status, (string Name, Func<CancellationToken, Task> Probe) probe)
    {
        var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(_log));
        services.AddHealthChecks().AddCheck("some", () => new HealthCheckResult(status));
        await using var provider = services.BuildServiceProvider();
        using var health = new HealthApi(
            provider.GetRequiredService<HealthCheckService>(), _time, provider.GetRequiredService<ILogger<HealthApi>>());
        var http = new DefaultHttpContext { RequestServices = provider, Response = { Body = new MemoryStream() } };
        http.Features.Set(new RequestProbe(probe.Name, probe.Probe));
        var result = await health.CheckAsync(http);
        await result.ExecuteAsync(http);
        http.Response.Body.Position = 0;
        using var document = await JsonDocument.ParseAsync(http.Response.Body);
        return (http.Response.StatusCode, JsonSerializer.Serialize(document));
    }
}
