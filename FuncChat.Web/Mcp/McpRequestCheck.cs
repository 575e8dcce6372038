using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Tools;
using FuncChat.Web.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace FuncChat.Web.Mcp;

/// <summary>
/// Refuses requests whose params have the wrong form, which the SDK would log and answer as errors of the server, and offers a version to clients that ask for
/// one that is too new.
/// </summary>
internal static class McpRequestCheck
{
    // Its parts could be read in two ways.
    private const string RepeatedName = """{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"A field appears twice in the same object."}}""";

    // JSON can express it, but no text can hold it, and reading it fails wherever the SDK tries to.
    private const string InvalidText = """{"jsonrpc":"2.0","id":null,"error":{"code":-32602,"message":"A text is not valid Unicode: half of a surrogate pair is missing in it."}}""";

    /// <summary>The response to a message whose params can't be read.</summary>
    public const string WrongParams = """{"jsonrpc":"2.0","id":null,"error":{"code":-32602,"message":"The params have the wrong form."}}""";

    // Deprecated since the version 2026-07-28 of the protocol, as the SDK's name of it is.
    private const string SetLevel = "logging/setLevel";

    // The last version of the protocol that has `initialize`. Versions are dates.
    private const string LastInitialized = "2025-11-25";

    private static readonly string[] Levels = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"];

    /// <summary>The response to a body that is refused before the SDK reads it; null for one that the SDK may read. What is not JSON is the SDK's to refuse.</summary>
    public static string? FindErrorOfBody(ReadOnlyMemory<byte> body) =>
        LoneSurrogates.AreIn(body) ? InvalidText : RequestJson.HasRepeatedName(body) ? RepeatedName : null;

    public static McpMessageHandler Filter(McpMessageHandler next) => (context, cancellationToken) =>
    {
        if (context.JsonRpcMessage is JsonRpcRequest request)
        {
            if (FindError(request) is { } error)
                throw new McpProtocolException(error, McpErrorCode.InvalidParams);
            OfferVersion(request);
        }

        return next(context, cancellationToken);
    };

    // A server that lacks the version must answer `initialize` with one that it has. The SDK answers a version that has no `initialize` with an error.
    private static void OfferVersion(JsonRpcRequest request)
    {
        if (request.Method == RequestMethods.Initialize && request.Params is JsonObject given && string.CompareOrdinal(TextOf(given["protocolVersion"]), LastInitialized) > 0)
            given["protocolVersion"] = LastInitialized;
    }

    private static string? FindError(JsonRpcRequest request)
    {
        var (isCall, isLevel) = (request.Method == RequestMethods.ToolsCall, request.Method == SetLevel);
        if (request.Params is not JsonObject given)
            return request.Params is null && !isCall && !isLevel ? null : "params must be an object.";
        if (!IsObjectOrNull(given["_meta"]))
            return "params._meta must be an object.";
        return request.Method switch
        {
            RequestMethods.ToolsCall when TextOf(given["name"]) is null => "params.name must be the name of a tool.",
            RequestMethods.ToolsCall when !IsObjectOrNull(given["arguments"]) => "params.arguments must be an object.",
            RequestMethods.ToolsList when given["cursor"] is { } cursor && TextOf(cursor) is null => "params.cursor must be a string: the nextCursor of an earlier page.",
            RequestMethods.ToolsList when TextOf(given["cursor"]) is { Length: > 0 } => "params.cursor is no nextCursor of an earlier page. Leave it out: one page has all tools.",
            SetLevel when !Levels.Contains(TextOf(given["level"]), StringComparer.Ordinal) => $"params.level must be one of: {string.Join(", ", Levels)}.",
            _ => null,
        };
    }

    private static string? TextOf(JsonNode? value) =>
        value is JsonValue json && json.TryGetValue<JsonElement>(out var element) && JsonField.TryGetText(element, out var text) ? text : null;

    private static bool IsObjectOrNull(JsonNode? value) => value is null or JsonObject;
}
