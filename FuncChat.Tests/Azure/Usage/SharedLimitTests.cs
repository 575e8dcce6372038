using System.Net;
using System.Text;
using FuncChat.Azure.Usage;
using FuncChat.Engine.Usage;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FuncChat.Tests.Azure.Usage;

/// <summary>Two servers that share nothing but the table.</summary>
[Collection(AzuriteTests.Name)]
public sealed class SharedLimitTests(AzuriteServer azurite) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WatchedClock _time = new();
    private readonly FakeModel _model = new();
    private readonly string _table = $"test{Guid.NewGuid():N}";

    public void Dispose() => _folder.Dispose();

    // A turn uses 15. The first one at each instance fits, since neither knows of the other yet.
    [Theory]
    [InlineData("FuncChat:Limits:TokensPerDay")]
    [InlineData("FuncChat:Budgets:AppTokensPerMonth")]
    public async Task Limit_or_budget_that_was_reached_at_one_instance_is_reached_at_the_other(string setting)
    {
        await using var one = await StartAsync(azurite.ConnectionString, (setting, "30"));
        await using var two = await StartAsync(azurite.ConnectionString, (setting, "30"));
        _model.Says("One.").Says("Two.").Says("Three.");
        Assert.Equal(HttpStatusCode.OK, await ChatAsync(one));
        Assert.Equal(HttpStatusCode.OK, await ChatAsync(two));
        await one.Services.GetRequiredService<SharedUsageCounter>().WriteAsync(CancellationToken.None);
        _time.Advance(new UsageTableOptions().SyncInterval);

        Assert.Equal(HttpStatusCode.TooManyRequests, await ChatAsync(two));
    }

    [Fact]
    public async Task Instance_that_stops_leaves_nothing_uncounted()
    {
        await using var one = await StartAsync(azurite.ConnectionString);
        await using var two = await StartAsync(azurite.ConnectionString, ("FuncChat:Limits:TokensPerDay", "10"));
        _model.Says("One.");
        Assert.Equal(HttpStatusCode.OK, await ChatAsync(one));

        await one.StopAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, await ChatAsync(two));
    }

    [Fact]
    public async Task Turn_continues_and_health_is_degraded_when_the_table_cannot_be_reached()
    {
        await using var server = await StartAsync(Unreachable());
        _model.Says("One.");

        Assert.Equal(HttpStatusCode.OK, await ChatAsync(server));

        Assert.Equal(HttpStatusCode.OK, await HealthOfAsync(server, "\"usage\":\"degraded\""));
    }

    // Nothing listens on port 1.
    private string Unreachable() => azurite.ConnectionString[..azurite.ConnectionString.IndexOf("BlobEndpoint", StringComparison.Ordinal)]
        + "TableEndpoint=http://127.0.0.1:1/devstoreaccount1;";

    private static async Task<HttpStatusCode> HealthOfAsync(LocalServer server, string line)
    {
        using var response = await server.Http.GetAsync(new Uri("api/health", UriKind.Relative));
        Assert.Contains(line, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> ChatAsync(LocalServer server)
    {
        using var content = new StringContent("""{"messages":[{"role":"user","content":"Hello"}],"max_tokens":5}""", Encoding.UTF8, "application/json");
        using var response = await server.Http.PostAsync("api/chat", content);
        await response.Content.ReadAsStringAsync();
        return response.StatusCode;
    }

    // With anonymous access, all callers together are one user.
    private Task<LocalServer> StartAsync(string account, params (string Name, string Value)[] settings) => LocalServer.StartWithAsync(
        Path.Combine(_folder.Path, Guid.NewGuid().ToString("N")),
        builder => builder.Services.AddAzureUsage(builder.Configuration).Replace(ServiceDescriptor.Singleton<TimeProvider>(_time)),
        _model.Catalog,
        null,
        [("FuncChat:Auth:AllowAnonymous", "true"),
        ("FuncChat:Usage:ConnectionString", account),
        ("FuncChat:Usage:Table", _table),
        .. settings]);
}
