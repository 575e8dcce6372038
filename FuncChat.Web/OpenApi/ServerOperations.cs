using FuncChat.Web.Http;
using FuncChat.Web.Routes;

namespace FuncChat.Web.OpenApi;

/// <summary>The descriptions of the routes of the server: its models, tools, MCP servers, usage and state.</summary>
internal static class ServerOperations
{
    private static readonly RequestJsonContext Requests = RequestJsonContext.Default;
    private static readonly WebJson Responses = WebJson.Relaxed;

    public static IReadOnlyDictionary<ApiRoute, ApiOperation> All { get; } = new Dictionary<ApiRoute, ApiOperation>
    {
        [ApiRoutes.Mcp] = new(
            "callMcp", ApiTags.Server, "Offers the server's tools to MCP clients",
            new ApiResponse(200, "JSON-RPC messages, as events.", ApiContent.EventStream("JsonRpcEvents")))
        {
            Description = "The streamable HTTP transport of the Model Context Protocol, without sessions.",
            Body = new ApiContent("application/json") { Components = ["JsonRpcMessage"] },
            OtherResponses = [new ApiResponse(202, "The server received a notification.")],
        },
        [ApiRoutes.McpResource] = new(
            "describeMcpResource", ApiTags.Server, "Returns where MCP clients get a token (RFC 9728)",
            new ApiResponse(200, "The metadata.", ApiContent.Json(Responses.ProtectedResourceDocument)))
        {
            Errors = [400],
        },
        [ApiRoutes.McpClient] = new(
            "describeMcpClient", ApiTags.Server, "Describes the app to authorization servers of MCP servers",
            new ApiResponse(200, "The metadata.", ApiContent.Json(Responses.ClientMetadataDocument)))
        {
            Description = "An OAuth client ID metadata document. Its address is the `client_id`.",
            Errors = [400],
        },
        [ApiRoutes.ListMcpServers] = new(
            "listMcpServers", ApiTags.Server, "Lists the MCP servers whose tools are offered, as you can use them",
            new ApiResponse(200, "The servers, in the order of the settings.", ApiContent.Json(Responses.McpServerList))),
        [ApiRoutes.StartMcpSignIn] = new(
            "startMcpSignIn", ApiTags.Server, "Starts your sign-in to an MCP server",
            new ApiResponse(200, "The address to open in the browser.", ApiContent.Json(Responses.StartedSignIn)))
        {
            Description = "Replaces a sign-in that you have not completed.",
            Errors = [502],
        },
        [ApiRoutes.EndMcpSignIn] = new(
            "endMcpSignIn", ApiTags.Server, "Signs you out of an MCP server",
            new ApiResponse(204, "Your tokens are deleted, and revoked if the authorization server supports it.")),
        [ApiRoutes.McpCallback] = new(
            "returnFromMcpSignIn", ApiTags.Server, "Returns the browser from an authorization server to the page",
            new ApiResponse(303, "The page, which completes the sign-in."))
        {
            Errors = [400],
        },
        [ApiRoutes.CompleteMcpSignIn] = new(
            "completeMcpSignIn", ApiTags.Server, "Completes your sign-in to an MCP server",
            new ApiResponse(200, "You are signed in.", ApiContent.Json(Responses.CompletedSignIn)))
        {
            Description = "A sign-in can be completed once, by the user who started it, within 10 minutes.",
            Body = ApiContent.Json(Requests.CompleteSignInRequest),
            Errors = [502],
        },
        [ApiRoutes.Models] = new(
            "listModels", ApiTags.Server, "Lists the models of this server",
            new ApiResponse(200, "The models, in the order of the settings.", ApiContent.Json(Responses.ModelList))),
        [ApiRoutes.Tools] = new(
            "listTools", ApiTags.Server, "Lists the tools that a chat may offer to the model",
            new ApiResponse(200, "The tools.", ApiContent.Json(Responses.ToolList))),
        [ApiRoutes.ReadUsage] = new(
            "readUsage", ApiTags.Server, "Returns what the caller has used, and the limits",
            new ApiResponse(200, "The usage, by the names of the limits.", ApiContent.Json(Responses.UsageReport))),
        [ApiRoutes.ReadAllUsage] = new(
            "readAllUsage", ApiTags.Server, "Returns what all users have used in a month, for administrators",
            new ApiResponse(200, "The usage as JSON, or the users as CSV.", ApiContent.Json(Responses.AllUsageReport), new ApiContent("text/csv") { Components = ["Csv"] }))
        {
            Parameters = [ApiParameters.Month, ApiParameters.UsageFormat],
            Errors = [400],
        },
        [ApiRoutes.Health] = new(
            "checkHealth", ApiTags.Server, "Returns the health of the server",
            new ApiResponse(200, "The server is healthy or degraded.", ApiContent.Json(Responses.HealthReportDocument)))
        {
            OtherResponses = [new ApiResponse(503, "A dependency failed.", ApiContent.Json(Responses.HealthReportDocument))],
        },
        [ApiRoutes.Config] = new(
            "readConfig", ApiTags.Server, "Returns what a page must know before the user signs in",
            new ApiResponse(200, "How to sign in, and the limits.", ApiContent.Json(Responses.ConfigDocument))),
        [ApiRoutes.OpenApi] = new(
            "describeApi", ApiTags.Server, "Returns this document",
            new ApiResponse(200, "OpenAPI 3.1.", new ApiContent("application/json") { Components = ["OpenApiDocument"] })),
    };
}
