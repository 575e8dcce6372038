using System.Text.Json;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace FuncChat.Web.Mcp;

/// <summary>Logs failed requests in place of the SDK, which logs a client's mistake as an error, with a stack trace and what the client sent.</summary>
internal sealed partial class McpFailures(ILogger<McpFailures> logger)
{
    /// <summary>The category of the SDK's logger for requests.</summary>
    public const string SdkCategory = "ModelContextProtocol.Server.McpServer";

    public McpMessageHandler Filter(McpMessageHandler next) => async (context, cancellationToken) =>
    {
        try
        {
            await next(context, cancellationToken);
        }
        catch (Exception e) when (e is McpException or JsonException)
        {
            LogRefused(e is McpProtocolException refusal ? (int)refusal.ErrorCode : (int)McpErrorCode.InvalidParams);
            throw;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e);
            throw;
        }
    };

    /// <summary>Handles a tool call. The SDK turns its exceptions into results, so they do not reach the filter.</summary>
    public McpRequestHandler<TParams, TResult> Handle<TParams, TResult>(McpRequestHandler<TParams, TResult> handler) => async (context, cancellationToken) =>
    {
        try
        {
            return await handler(context, cancellationToken);
        }
        catch (Exception e) when (e is not (McpException or OperationCanceledException))
        {
            LogFailed(e);
            throw;
        }
    };

    [LoggerMessage(461, LogLevel.Information, "A request of an MCP client was refused with error {Code}")]
    private partial void LogRefused(int code);

    [LoggerMessage(462, LogLevel.Error, "A request of an MCP client failed unexpectedly")]
    private partial void LogFailed(Exception exception);
}
