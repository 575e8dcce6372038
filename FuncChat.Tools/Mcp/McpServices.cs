using FuncChat.Tools.Configuration;
using FuncChat.Tools.Fetch;
using FuncChat.Tools.Identity;
using FuncChat.Tools.Mcp.SignIn;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Tools.Mcp;

internal static class McpServices
{
    /// <summary>Adds the MCP servers of `mcp.json` and of `FuncChat__Mcp__Servers__…` as sources of tools.</summary>
    public static IServiceCollection AddMcpServers(this IServiceCollection services, IConfiguration configuration, bool startProcesses)
    {
        services.AddKnownSettings(McpServerReader.Known);
        services.AddSingleton(new McpConfiguration(configuration));
        services.AddSettings(provider => provider.GetRequiredService<McpConfiguration>().Combined, reader => new McpServerReader(reader).ReadAll());
        services.AddSingleton(provider => new McpServers(
            provider.GetRequiredService<IOptions<McpSettings>>(), provider.GetRequiredService<McpConfiguration>(), startProcesses, provider.GetService<IAppTokens>(),
            provider.GetRequiredService<INetwork>(), provider.GetService<ISecretStore>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(provider => new McpSignIns(provider.GetRequiredService<McpServers>()));
        services.AddHostedService<McpWarmUp>();
        return services;
    }
}
