using FuncChat.ToolRuns;
using FuncChat.Web.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FuncChat.Http;

/// <summary>The triggers for MCP clients.</summary>
public sealed class McpFunctions(RequestDurableClient durable)
{
    [Function(nameof(ApiRoutes.Mcp))]
    public Task<IResult> HandleAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.Mcp)] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        ApiRoutes.Mcp.RunAsync(durable.Bind(request, client));

    [Function(nameof(ApiRoutes.McpResource))]
    public static Task<IResult> DescribeAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.McpResource)] HttpRequest request) =>
        ApiRoutes.McpResource.RunAsync(request.HttpContext);
}
