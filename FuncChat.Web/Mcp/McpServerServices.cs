using System.Text.Json.Nodes;
using FuncChat.Engine.ToolRuns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace FuncChat.Web.Mcp;

internal static class McpServerServices
{
    /// <summary>Adds the MCP endpoint.</summary>
    public static IServiceCollection AddMcpEndpoint(this IServiceCollection services)
    {
        services
            .AddMcpServer(options =>
            {
                options.ServerInfo = new Implementation { Name = "FuncChat", Version = typeof(McpServerServices).Assembly.GetName().Version?.ToString(3) ?? "0" };
                options.Capabilities = new ServerCapabilities { Tools = new ToolsCapability { ListChanged = false }, Extensions = new Dictionary<string, object> { [McpTasks.Extension] = new JsonObject() } };
            })
            .WithHttpTransport(transport =>
            {
                transport.Stateless = true;
                transport.ConfigureSessionOptions = (http, options, _) =>
                {
                    var tools = new McpTools(http);
                    options.Handlers.ListToolsHandler = (_, _) => ValueTask.FromResult(tools.List());
                    options.Handlers.CallToolWithAlternateHandler =
                        http.RequestServices.GetRequiredService<McpFailures>().Handle<CallToolRequestParams, ResultOrAlternate<CallToolResult>>(tools.CallAsync);
                    options.RequestHandlers = new McpTasks(http).Handlers;
                    return Task.CompletedTask;
                };
            });
        services.AddOptions<McpServerOptions>().Configure<McpFailures>((options, failures) =>
        {
            options.Filters.Message.IncomingFilters.Add(failures.Filter);
            options.Filters.Message.IncomingFilters.Add(McpRequestCheck.Filter);
        });
        services.Configure<LoggerFilterOptions>(options => options.AddFilter(McpFailures.SdkCategory, LogLevel.None));
        services.AddSingleton<McpFailures>();
        services.AddSingleton<PageOrigins>();
        services.AddSingleton<McpApi>();
        services.AddSingleton<McpSignInApi>();
        services.AddScoped<DirectToolCall>();
        services.AddScoped<ToolTasks>();
        return services;
    }
}
