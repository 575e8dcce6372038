using FuncChat.Azure;
using FuncChat.Engine;
using FuncChat.Storage;
using FuncChat.ToolRuns;
using FuncChat.Tools;
using FuncChat.Web;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Configuration.UseHostStorage();

// host.json filters the host's logs, not the worker's own.
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.Services
    .AddFuncChatTools(builder.Configuration)
    .AddFuncChatEngine(builder.Configuration)
    .AddEmbeddedAdapters(builder.Configuration)
    .AddAzureTurnLog(builder.Configuration)
    .AddAzureUsage(builder.Configuration)
    .AddDurableToolRuns()
    .AddFuncChatWeb(builder.Configuration);

await builder.Build().RunAsync();
