using FuncChat.Engine;
using FuncChat.Tools;
using FuncChat.Web;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services
    .AddFuncChatTools(builder.Configuration)
    .AddFuncChatEngine(builder.Configuration)
    .AddEmbeddedAdapters(builder.Configuration)
    .AddFuncChatWeb(builder.Configuration);

await builder.Build().RunAsync();
