using Azure.Core;
using FuncChat.Tools.Identity;
using Microsoft.Extensions.Logging;

namespace FuncChat.Azure.Identity;

/// <summary>
/// One token, renewed before it expires. Callers get the current token while it is valid, and do not wait for its renewal; there is one
/// renewal at a time, which belongs to no caller, so that none can cancel it for the others.
/// </summary>
internal sealed partial class CachedToken(Func<CancellationToken, ValueTask<AccessToken>> request, TimeProvider time, ILogger logger)
{
    /// <summary>How long before its end a token is renewed, where the issuer names no time for it.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    /// <summary>The wait after a renewal that failed while the token at hand is still good.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>The longest that a renewal may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    // A token that ends on the way is refused; the clocks of two machines differ, too.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private AccessToken? _token;
    private DateTimeOffset _renewAt;
    private Task<AccessToken?>? _renewal;

    /// <summary>The renewal under way; ended where there is none.</summary>
    public Task Renewal
    {
        get
        {
            lock (_gate)
                return _renewal ?? Task.CompletedTask;
        }
    }

    /// <exception cref="AppTokenException">No token is available.</exception>
    public ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var isGood = _token is { } token && now < token.ExpiresOn - Margin;
            if (!isGood || now >= _renewAt)
                _renewal ??= Task.Run(RenewAsync, CancellationToken.None);
            return isGood ? new(_token!.Value.Token) : WaitAsync(_renewal!, cancellationToken);
        }
    }

    private static async ValueTask<string> WaitAsync(Task<AccessToken?> renewal, CancellationToken cancellationToken)
    {
        var token = await renewal.WaitAsync(cancellationToken);
        return token?.Token ?? throw new AppTokenException("The app's identity got no token; the warning before this says why.");
    }

    private async Task<AccessToken?> RenewAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(Limit, time);
            var token = await request(limit.Token).AsTask().WaitAsync(limit.Token);
            return Ended(token, token.RefreshOn ?? token.ExpiresOn - Ahead);
        }
        catch (Exception failure)
        {
            LogNoToken(logger, SignInFailures.Describe(failure), failure);
            return Ended(null, time.GetUtcNow() + Pause);
        }
    }

    private AccessToken? Ended(AccessToken? token, DateTimeOffset renewAt)
    {
        lock (_gate)
        {
            _token = token ?? _token;
            _renewAt = renewAt;
            _renewal = null;
        }

        return token;
    }

    [LoggerMessage(431, LogLevel.Warning, "The app's identity got no token: {Reason}")]
    private static partial void LogNoToken(ILogger logger, string reason, Exception failure);
}
