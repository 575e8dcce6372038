using Microsoft.Extensions.Hosting;

namespace FuncChat.Tools.Mcp;

/// <summary>Lists the tools of every MCP server in the background after startup, so that the first request does not wait for them.</summary>
internal sealed class McpWarmUp(McpServers servers) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        foreach (var source in servers.Sources.Where(source => !source.NeedsUser))
        {
            try
            {
                await source.ListAsync(ToolUser.Unknown, stoppingToken);
            }
            catch (Exception failure) when (failure is ToolSourceException or OperationCanceledException)
            {
                // The source has logged the failure, and retries on demand.
            }
        }
    }
}
