using System.IO.Compression;
using System.Text.Json;
using FuncChat.Azure;
using FuncChat.Azure.Telemetry;
using FuncChat.Tools.Configuration;
using FuncChat.Web;
using FuncChat.Web.Cors;
using FuncChat.Web.Routes;
using FuncChat.Web.Telemetry;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;

namespace FuncChat.Local;

/// <summary>The whole application: API and page, configured and checked, not started yet.</summary>
internal static class LocalApp
{
    /// <exception cref="OptionsValidationException">A setting is not valid.</exception>
    public static async Task<WebApplication> BuildAsync(string[] args)
    {
        // Settings are read at start only. Watching their files would watch the folders below too, which every event of every turn changes.
        var options = CommandLine.WithPort(args);
        CommandLine.CheckForm(options);
        var builder = CreateBuilder([.. options, "--hostBuilder:reloadConfigOnChange=false"]);
        builder.Host.UseDefaultServiceProvider(options => options.ValidateOnBuild = options.ValidateScopes = true);
        builder.ConfigureServer();
        builder.Configuration.CheckLogLevels();
        await builder.AddKeyVaultAsync();
        builder.Services
            .AddFuncChat(builder.Configuration, startProcesses: true)
            .AddAzureAdapters(builder.Configuration)
            .AddFuncChatTelemetry(builder.Configuration)
            .AddAzureMonitor(builder.Configuration)
            .AddResponseCompression()
            .Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Optimal); // an eighth smaller than the fastest

        builder.Logging.LogAfterStart(out var started);

        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(started);
        CommandLine.CheckNames(options, app.Services.GetServices<KnownSettings>());
        app.Services.CheckSettings();
        app.CheckStart();
        app.UseFuncChatCors();
        app.MapFuncChat();
        await app.UsePageAsync();
        return app;
    }

    private static WebApplicationBuilder CreateBuilder(string[] args)
    {
        try
        {
            return WebApplication.CreateBuilder(args);
        }
        catch (DirectoryNotFoundException)
        {
            throw StartError.Of("--contentRoot", "names a folder that does not exist", "--contentRoot /srv/funcchat");
        }
        catch (InvalidDataException e)
        {
            // The message names the file, which is appsettings.json.
            var line = (e.GetBaseException() as JsonException)?.LineNumber + 1;
            throw new OptionsValidationException("", typeof(LocalApp), [line is null ? e.Message : $"{e.Message} It is not valid JSON, at line {line}."]);
        }
    }
}
