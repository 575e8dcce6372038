using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Auth;

/// <summary>Says at every start what is unusual about who may use the server.</summary>
internal sealed partial class AccessNotice(IOptions<AuthSettings> settings, ILogger<AccessNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var auth = settings.Value;
        if (auth.AllowAnonymous)
            LogAnonymous();
        else if (auth.LoopbackOnly)
            LogLoopbackOnly();
        else if (auth.Providers.Count > 0 && auth.Allowed.IsEmpty)
            LogNobody(string.Join(", ", auth.Providers.Select(provider => provider.Name)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(402, LogLevel.Warning,
        "FuncChat__Auth__AllowAnonymous is true: ANYBODY who reaches this server can use it, and the model and tool keys that it was given")]
    private partial void LogAnonymous();

    [LoggerMessage(403, LogLevel.Information, "Nobody has to sign in, so the server answers only this machine")]
    private partial void LogLoopbackOnly();

    [LoggerMessage(404, LogLevel.Warning,
        "People can sign in with {Providers}, but NOBODY of them is let in: name them in ALLOWED_EMAILS, or in ENTRA_ALLOWED_ROLES or ENTRA_ALLOWED_GROUPS")]
    private partial void LogNobody(string providers);
}
