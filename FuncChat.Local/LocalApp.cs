using System.IO.Compression;
using FuncChat.Azure;
using FuncChat.Azure.Telemetry;
using FuncChat.Web;
using FuncChat.Web.Cors;
using FuncChat.Web.Routes;
using FuncChat.Web.Telemetry;
using Microsoft.AspNetCore.ResponseCompression;

namespace FuncChat.Local;

/// <summary>The whole application: API and page, configured and checked, not started yet.</summary>
internal static class LocalApp
{
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is not valid.</exception>
    public static async Task<WebApplication> BuildAsync(string[] args)
    {
        // Settings are read at start only. Watching their files would watch the folders below too, which every event of every turn changes.
        var builder = WebApplication.CreateBuilder([.. CommandLine.WithPort(args), "--hostBuilder:reloadConfigOnChange=false"]);
        builder.Host.UseDefaultServiceProvider(options => options.ValidateOnBuild = options.ValidateScopes = true);
        builder.ConfigureServer();
        await builder.AddKeyVaultAsync();
        builder.Services
            .AddFuncChat(builder.Configuration, startProcesses: true)
            .AddAzureAdapters(builder.Configuration)
            .AddFuncChatTelemetry(builder.Configuration)
            .AddAzureMonitor(builder.Configuration)
            .AddResponseCompression()
            .Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Optimal); // an eighth smaller than the fastest

        var app = builder.Build();
        app.Services.CheckSettings();
        app.CheckStart();
        app.UseFuncChatCors();
        app.MapFuncChat();
        await app.UsePageAsync();
        return app;
    }
}
