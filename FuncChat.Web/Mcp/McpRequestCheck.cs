using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace FuncChat.Web.Mcp;

/// <summary>Refuses requests whose params have the wrong form, which the SDK would log and answer as errors of the server.</summary>
internal static class McpRequestCheck
{
    /// <summary>The response to a message in which an object has a name twice: its parts could be read in two ways.</summary>
    public const string RepeatedName = """{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"A field appears twice in the same object."}}""";

    /// <summary>The response to a message whose params can't be read.</summary>
    public const string WrongParams = """{"jsonrpc":"2.0","id":null,"error":{"code":-32602,"message":"The params have the wrong form."}}""";

    public static McpMessageHandler Filter(McpMessageHandler next) => (context, cancellationToken) =>
        context.JsonRpcMessage is JsonRpcRequest request && FindError(request) is { } error
            ? throw new McpProtocolException(error, McpErrorCode.InvalidParams)
            : next(context, cancellationToken);

    private static string? FindError(JsonRpcRequest request)
    {
        var isCall = request.Method == RequestMethods.ToolsCall;
        if (request.Params is not JsonObject given)
            return request.Params is null && !isCall ? null : "params must be an object.";
        return !IsObjectOrNull(given["_meta"]) ? "params._meta must be an object."
            : !isCall ? null
            : given["name"]?.GetValueKind() is not JsonValueKind.String ? "params.name must be the name of a tool."
            : !IsObjectOrNull(given["arguments"]) ? "params.arguments must be an object."
            : null;
    }

    private static bool IsObjectOrNull(JsonNode? value) => value is null or JsonObject;
}
