using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FuncChat.Azure.Secrets;

/// <summary>Reads the vault again at an interval. While that fails, the settings stay as they are.</summary>
internal sealed partial class VaultRefresh(
    VaultReader reader, VaultConfiguration values, TimeSpan interval, TimeProvider time, ILogger<VaultRefresh> logger) : BackgroundService
{
    private readonly PeriodicTimer _timer = new(interval, time);
    private volatile bool _isFailing;

    /// <summary>True where the last time that the vault was read, it failed.</summary>
    public bool IsFailing => _isFailing;

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _timer.WaitForNextTickAsync(stoppingToken))
            await RefreshAsync(stoppingToken);
    }

    // Whatever the vault does, the server goes on.
    internal async Task RefreshAsync(CancellationToken stoppingToken)
    {
        try
        {
            values.Replace(await reader.ReadAsync(stoppingToken));
            if (_isFailing)
                LogReadAgain(logger);
            _isFailing = false;
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            if (!_isFailing)
                LogFailing(logger, VaultFailures.Describe(failure));
            _isFailing = true;
        }
    }

    [LoggerMessage(441, LogLevel.Warning, "The vault can't be read; the settings that it gave before stay. {Reason}")]
    private static partial void LogFailing(ILogger logger, string reason);

    [LoggerMessage(442, LogLevel.Information, "The vault can be read again.")]
    private static partial void LogReadAgain(ILogger logger);
}
