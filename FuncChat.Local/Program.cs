using System.IO.Compression;
using FuncChat.Azure;
using FuncChat.Azure.Telemetry;
using FuncChat.Azure.Usage;
using FuncChat.Engine;
using FuncChat.Local;
using FuncChat.Tools;
using FuncChat.Web;
using FuncChat.Web.Cors;
using FuncChat.Web.Routes;
using FuncChat.Web.Telemetry;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;

// Before the first socket: nothing but the environment turns it on, and it is read once.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

try
{
    // Settings are read at start alone. To watch their files would be to watch all that is beneath them, which every event of every turn changes.
    var builder = WebApplication.CreateBuilder([.. args, "--hostBuilder:reloadConfigOnChange=false"]);
    builder.Host.UseDefaultServiceProvider(options => options.ValidateOnBuild = options.ValidateScopes = true);
    builder.ConfigureServer();
    await builder.AddKeyVaultAsync();
    builder.Services
        .AddFuncChatTools(builder.Configuration, startProcesses: true)
        .AddFuncChatEngine(builder.Configuration)
        .AddEmbeddedAdapters(builder.Configuration)
        .AddAzureTurnStore(builder.Configuration)
        .AddAzureUsage(builder.Configuration)
        .AddAppTokens(builder.Configuration)
        .AddFuncChatWeb(builder.Configuration)
        .AddFuncChatTelemetry(builder.Configuration)
        .AddAzureMonitor(builder.Configuration)
        .AddResponseCompression()
        .Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Optimal); // an eighth less than the fastest

    var app = builder.Build();
    app.Services.CheckSettings();
    app.UseFuncChatCors();
    app.MapFuncChat();
    await app.UsePageAsync();
    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException wrong)
{
    return wrong.Print();
}
