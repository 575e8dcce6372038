using FuncChat.Azure;
using FuncChat.Engine.Turns;
using FuncChat.Hosting;
using FuncChat.Http;
using FuncChat.Storage;
using FuncChat.Telemetry;
using FuncChat.ToolRuns;
using FuncChat.Web;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat;

/// <summary>The process that the Functions host starts to run the functions.</summary>
internal static class Worker
{
    /// <summary>Composes the app.</summary>
    /// <exception cref="OptionsValidationException">Lists the invalid settings.</exception>
    public static async Task<IHost> BuildAsync(string[] args)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication();
        builder.UseMiddleware<UncaughtExceptionAnswer>();
        builder.UseMiddleware<ForwardedHeaders>();
        await builder.AddKeyVaultAsync();
        builder.Configuration.UseHostStorage();

        // host.json filters the host's logs, not the worker's own.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

        // Continuations run on the thread that the socket notifies. Otherwise, each event of a stream wakes two more threads.
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);

        // The host kills the worker 5 seconds after it asked it to end. Settings, which are bound later, override this.
        builder.Services.Configure<TurnOptions>(options => options.ShutdownGrace = TimeSpan.FromSeconds(2));

        // The platform cuts a connection that is silent for 230 seconds.
        builder.Services.Configure<HttpApiOptions>(options => options.MaxSilence = TimeSpan.FromSeconds(210));
        builder.Services
            .AddFuncChat(builder.Configuration)
            .AddAzureAdapters(builder.Configuration)
            .AddDurableToolRuns()
            .AddHostLimits(builder.Configuration)
            .AddWorkerTelemetry(builder.Configuration);

        var app = builder.Build();
        app.Services.CheckSettings();
        return app;
    }
}
