using FuncChat.Azure;
using FuncChat.Engine;
using FuncChat.Local;
using FuncChat.Tools;
using FuncChat.Web;
using FuncChat.Web.Cors;

var builder = WebApplication.CreateBuilder(args);
builder.Host.UseDefaultServiceProvider(options => options.ValidateOnBuild = options.ValidateScopes = true);
builder.ConfigureServer();
builder.Services
    .AddFuncChatTools(builder.Configuration)
    .AddFuncChatEngine(builder.Configuration)
    .AddEmbeddedAdapters(builder.Configuration)
    .AddAzureTurnLog(builder.Configuration)
    .AddAzureUsage(builder.Configuration)
    .AddFuncChatWeb(builder.Configuration)
    .AddResponseCompression();

var app = builder.Build();
if (!app.Services.AreSettingsSound())
    return 1;
app.UseFuncChatCors();
app.MapFuncChat();
await app.UsePageAsync();
return await app.RunToEndAsync();
