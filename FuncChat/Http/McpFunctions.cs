using FuncChat.ToolRuns;
using FuncChat.Web.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FuncChat.Http;

/// <summary>The triggers for MCP clients, and for sign-ins to MCP servers.</summary>
public sealed class McpFunctions(RequestDurableClient durable)
{
    [Function(nameof(ApiRoutes.Mcp))]
    public Task<IResult> HandleAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.Mcp)] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        ApiRoutes.Mcp.RunAsync(durable.Bind(request, client));

    [Function(nameof(ApiRoutes.McpResource))]
    public static Task<IResult> DescribeAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.McpResource)] HttpRequest request) =>
        ApiRoutes.McpResource.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.McpClient))]
    public static Task<IResult> DescribeClientAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.McpClient)] HttpRequest request) =>
        ApiRoutes.McpClient.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.ListMcpServers))]
    public static Task<IResult> ListServersAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.McpServers)] HttpRequest request) =>
        ApiRoutes.ListMcpServers.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.StartMcpSignIn))]
    public static Task<IResult> StartSignInAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.McpSignIn)] HttpRequest request) =>
        ApiRoutes.StartMcpSignIn.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.EndMcpSignIn))]
    public static Task<IResult> EndSignInAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = ApiPaths.McpSignIn)] HttpRequest request) =>
        ApiRoutes.EndMcpSignIn.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.McpCallback))]
    public static Task<IResult> ReturnAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.McpCallback)] HttpRequest request) =>
        ApiRoutes.McpCallback.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.CompleteMcpSignIn))]
    public static Task<IResult> CompleteSignInAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.McpCallback)] HttpRequest request) =>
        ApiRoutes.CompleteMcpSignIn.RunAsync(request.HttpContext);
}
