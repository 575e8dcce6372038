using FuncChat.Engine;
using FuncChat.Local;
using FuncChat.Tools;
using FuncChat.Web;
using FuncChat.Web.Cors;
using Microsoft.Extensions.Options;

var builder = WebApplication.CreateBuilder(args);
builder.Host.UseDefaultServiceProvider(options => options.ValidateOnBuild = options.ValidateScopes = true);
builder.ConfigureServer();
builder.Services
    .AddFuncChatTools(builder.Configuration)
    .AddFuncChatEngine(builder.Configuration)
    .AddEmbeddedAdapters(builder.Configuration)
    .AddFuncChatWeb(builder.Configuration);

var app = builder.Build();
app.UseFuncChatCors();
app.MapFuncChat();
await app.UsePageAsync();
try
{
    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException wrong)
{
    foreach (var failure in wrong.Failures)
        await Console.Error.WriteLineAsync($"Wrong setting: {failure}");
    return 1;
}
