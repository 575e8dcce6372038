using FuncChat.Engine;
using FuncChat.Tools;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Web;

public static class FuncChatServices
{
    /// <summary>
    /// Adds FuncChat with the embedded adapters: tools, turns, and the HTTP API. Adapters of a host replace the embedded ones, whether they are added
    /// before or after.
    /// </summary>
    /// <param name="startProcesses">Whether the settings may name MCP servers that run as processes of this machine.</param>
    public static IServiceCollection AddFuncChat(this IServiceCollection services, IConfiguration configuration, bool startProcesses = false) => services
        .AddFuncChatTools(configuration, startProcesses)
        .AddFuncChatEngine(configuration)
        .AddEmbeddedAdapters(configuration)
        .AddFuncChatWeb(configuration);
}
