using System.Net;
using FuncChat.Azure.Secrets;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Azure.Secrets;

public sealed class VaultRefreshTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedVault _vault = new ScriptedVault().With("KEY", "1");
    private readonly LogLines _log = new();
    private readonly ConfigurationManager _configuration = new();
    private readonly VaultConfiguration _values;
    private readonly ILoggerFactory _loggers;
    private readonly VaultRefresh _refresh;

    public VaultRefreshTests()
    {
        _values = new VaultConfiguration(_configuration, new Dictionary<string, string?> { ["KEY"] = "1" });
        ((IConfigurationBuilder)_configuration).Add(_values);
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        _refresh = new VaultRefresh(new VaultReader(_vault.Client(), _time), _values, Interval, _time, _loggers.CreateLogger<VaultRefresh>());
    }

    [Fact]
    public async Task Settings_follow_the_vault_when_the_interval_has_passed()
    {
        await _refresh.StartAsync(CancellationToken.None);
        _vault.With("KEY", "2");
        Assert.Equal("1", _configuration["KEY"]);
        var changed = Changed();

        _time.Advance(Interval);

        await changed.WaitAsync();
        Assert.Equal("2", _configuration["KEY"]);
        await _refresh.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Settings_lose_what_the_vault_has_disabled()
    {
        _vault.With("KEY", "1", ("enabled", false));

        await _refresh.RefreshAsync(CancellationToken.None);

        Assert.Null(_configuration["KEY"]);
    }

    [Fact]
    public async Task Change_is_not_signaled_when_nothing_changed()
    {
        var changed = Changed();

        await _refresh.RefreshAsync(CancellationToken.None);

        Assert.False(changed.IsSet);
    }

    [Fact]
    public async Task Settings_stay_and_it_is_logged_once_when_the_vault_fails()
    {
        _vault.With("KEY", "secret-2");
        _vault.Otherwise = _ => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        await _refresh.RefreshAsync(CancellationToken.None);
        await _refresh.RefreshAsync(CancellationToken.None);

        Assert.Equal("1", _configuration["KEY"]);
        Assert.Equal(HealthStatus.Degraded, await HealthAsync());
        Assert.Equal("Warning 441", Assert.Single(Lines())[..11]);

        _vault.Otherwise = null;
        await _refresh.RefreshAsync(CancellationToken.None);

        Assert.Equal("secret-2", _configuration["KEY"]);
        Assert.Equal(HealthStatus.Healthy, await HealthAsync());
        Assert.Equal(["Warning 441", "Information 442"], Lines().Select(line => line.Split(':')[0]));
        Assert.DoesNotContain("secret", _log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_does_not_ask_the_vault()
    {
        Assert.Equal(HealthStatus.Healthy, await HealthAsync());
        Assert.Empty(_vault.Asked);
    }

    public void Dispose()
    {
        _refresh.Dispose();
        _configuration.Dispose();
        _loggers.Dispose();
        _vault.Dispose();
    }

    private string[] Lines() => _log.All.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private ManualSignal Changed()
    {
        var changed = new ManualSignal();
        ChangeToken.OnChange(((IConfiguration)_configuration).GetReloadToken, changed.Set);
        return changed;
    }

    private async Task<HealthStatus> HealthAsync() =>
        (await new VaultHealthCheck(_refresh).CheckHealthAsync(new HealthCheckContext())).Status;
}
