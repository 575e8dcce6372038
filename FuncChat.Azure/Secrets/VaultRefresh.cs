using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FuncChat.Azure.Secrets;

/// <summary>Reads the vault again at an interval. While that fails, the settings stay as they are.</summary>
/// <param name="failureAtStart">Why the vault could not be read when the server started; null if it was.</param>
internal sealed partial class VaultRefresh(
    VaultReader reader, VaultConfiguration values, TimeSpan interval, TimeProvider time, ILogger<VaultRefresh> logger, string? failureAtStart = null)
    : BackgroundService
{
    /// <summary>The interval while the vault can't be read.</summary>
    internal static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(30);

    private readonly PeriodicTimer _timer = new(failureAtStart is null || interval < RetryInterval ? interval : RetryInterval, time);
    private volatile bool _isFailing = failureAtStart is not null;
    private bool _startedWithout = failureAtStart is not null;

    /// <summary>Whether the last attempt to read the vault failed.</summary>
    public bool IsFailing => _isFailing;

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (failureAtStart is not null)
            LogStartedWithout(logger, failureAtStart);
        while (await _timer.WaitForNextTickAsync(stoppingToken))
        {
            await RefreshAsync(stoppingToken);
            _timer.Period = _isFailing && interval > RetryInterval ? RetryInterval : interval;
        }
    }

    // Whatever the vault does, the server continues.
    internal async Task RefreshAsync(CancellationToken stoppingToken)
    {
        try
        {
            values.Replace(await reader.ReadAsync(stoppingToken));
            if (_startedWithout)
                LogRestartNeeded(logger);
            else if (_isFailing)
                LogReadAgain(logger);
            _startedWithout = _isFailing = false;
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            if (!_isFailing)
                LogFailing(logger, VaultFailures.Describe(failure));
            _isFailing = true;
        }
    }

    [LoggerMessage(441, LogLevel.Warning, "The vault can't be read; its previous settings stay in use. {Reason}")]
    private static partial void LogFailing(ILogger logger, string reason);

    [LoggerMessage(442, LogLevel.Information, "The vault can be read again.")]
    private static partial void LogReadAgain(ILogger logger);

    [LoggerMessage(443, LogLevel.Warning, "The server started without the settings of the vault, and keeps trying to read it. {Reason}")]
    private static partial void LogStartedWithout(ILogger logger, string reason);

    [LoggerMessage(444, LogLevel.Warning, "The vault can be read. Keys are in use from now on; providers that were missing at start require a restart.")]
    private static partial void LogRestartNeeded(ILogger logger);
}
