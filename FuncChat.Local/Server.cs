using FuncChat.Web.Auth;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace FuncChat.Local;

internal static class Server
{
    private const string DefaultUrl = "http://127.0.0.1:7071";

    /// <summary>
    /// Kestrel for many quiet streams. Settings come from the environment and the command line (`--urls`), and from the `Values` of a
    /// local.settings.json (<see cref="LocalSettings"/>), as in the Functions host.
    /// </summary>
    public static void ConfigureServer(this WebApplicationBuilder builder)
    {
        builder.Configuration.AddLocalSettings();
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
            builder.WebHost.UseUrls(DefaultUrl);

        // Refuses a page whose own host name resolves to 127.0.0.1 (DNS rebinding).
        if (string.IsNullOrEmpty(builder.Configuration["AllowedHosts"]))
            builder.Configuration["AllowedHosts"] = "localhost;127.0.0.1;[::1]";
        builder.Services.AddRefusedHosts();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

        // RFC 9112 lets a server accept a line feed alone as a line's end. A proxy in front may not, and then sees other requests.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", isEnabled: true);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // Idle connections must not use up what turns need to open their files.
            kestrel.Limits.MaxConcurrentConnections = DescriptorLimit.MaxConnections();

            // A client that sends more slowly than this on average, after a grace of five seconds, is disconnected.
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        });

        builder.Services.AddOptions<KestrelServerOptions>().Configure<LoopbackOnlyPolicy>((kestrel, rule) =>
        {
            var share = new ConnectionShare(kestrel.Limits.MaxConcurrentConnections ?? long.MaxValue);
            kestrel.ConfigureEndpointDefaults(endpoint =>
            {
                // Before it listens: without sign-in, it serves this machine only.
                rule.Check(endpoint.IPEndPoint);
                endpoint.Use(next => connection => share.RunAsync(connection, next));
            });
        });

        // In a slow stream, switches between threads cost more than the work itself (see performance.md).
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Services.AddSingleton<IConnectionListenerFactory, SharedListenerFactory>();
    }
}
