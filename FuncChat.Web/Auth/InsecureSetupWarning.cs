using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Auth;

/// <summary>Logs at every start if the server is open to everyone, to its own machine only, or to no user.</summary>
internal sealed partial class InsecureSetupWarning(IOptions<AuthSettings> settings, ILogger<InsecureSetupWarning> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var auth = settings.Value;
        if (auth.AllowAnonymous)
            LogAnonymous();
        else if (auth.LoopbackOnly)
            LogLoopbackOnly();
        else if (auth.Providers.Count > 0 && auth.Allowed.IsEmpty)
            LogNoUserAllowed(string.Join(", ", auth.Providers.Select(provider => provider.Name)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(402, LogLevel.Warning,
        "FuncChat__Auth__AllowAnonymous is true: anyone who can reach this server can use it, and with it your model and tool keys. All callers are one user and share their turns")]
    private partial void LogAnonymous();

    [LoggerMessage(403, LogLevel.Information, "No sign-in is configured, so the server answers only requests from this machine")]
    private partial void LogLoopbackOnly();

    [LoggerMessage(404, LogLevel.Warning,
        "Users can sign in with {Providers}, but none of them is allowed in: list them in ALLOWED_EMAILS, ENTRA_ALLOWED_ROLES or ENTRA_ALLOWED_GROUPS")]
    private partial void LogNoUserAllowed(string providers);
}
