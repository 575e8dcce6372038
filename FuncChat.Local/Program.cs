using System.IO.Compression;
using FuncChat.Azure;
using FuncChat.Azure.Telemetry;
using FuncChat.Local;
using FuncChat.Web;
using FuncChat.Web.Cors;
using FuncChat.Web.Routes;
using FuncChat.Web.Telemetry;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;

// Before the first socket: only the environment turns it on, and it is read once.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

if (CommandLine.AsksForHelp(args))
{
    Console.Write(CommandLine.Help);
    return 0;
}

using var stop = new StopSignal();

try
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
    app.Lifetime.ApplicationStarted.Register(() => app.ReportReady());
    stop.Started(app);
    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException wrong)
{
    return wrong.Print();
}
