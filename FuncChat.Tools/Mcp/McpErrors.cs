using System.ComponentModel;
using System.Globalization;
using System.Net;
using System.Text.Json;
using FuncChat.Tools.Identity;
using FuncChat.Tools.Mcp.SignIn;
using ModelContextProtocol;
using ModelContextProtocol.Client;

namespace FuncChat.Tools.Mcp;

/// <summary>Describes failures of MCP servers for the model and the user, without addresses and credentials.</summary>
internal static class McpErrors
{
    private const int MaxLength = 500;

    /// <summary>Whether the server does not accept the token of the request, or requires one.</summary>
    public static bool IsUnauthorized(Exception failure) =>
        failure is HttpRequestException { StatusCode: HttpStatusCode.Unauthorized } or { InnerException: HttpRequestException { StatusCode: HttpStatusCode.Unauthorized } };

    /// <summary>Whether the server could not be reached, or sent no valid response.</summary>
    public static bool IsOfConnection(Exception failure) => failure switch
    {
        InsufficientScopeException or McpProtocolException or SessionLostException { IsCertain: false, Reason: not null } or { InnerException: InvalidDataException } => false,
        HttpRequestException or IOException or McpException or JsonException or TimeoutException or OperationCanceledException or AppTokenException or Win32Exception => true,
        _ => failure.InnerException is HttpRequestException or IOException,
    };

    public static string Describe(McpServerSettings server, Exception failure) => failure switch
    {
        SignInException or SignInRequiredException => failure.Message,
        _ when InsufficientScopeException.In(failure) is { Scopes: var scopes } =>
            $"The MCP server '{server.Name}' requires access that has not been granted: {scopes.Describe()}.",
        HttpRequestException { StatusCode: HttpStatusCode.Unauthorized } when !server.HasCredentials => $"The MCP server '{server.Name}' requires credentials, and the settings have none for it.",
        HttpRequestException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => $"The MCP server '{server.Name}' does not accept the credentials.",
        HttpRequestException { StatusCode: >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest } => $"The MCP server '{server.Name}' redirects to another address.",
        SessionLostException { Reason: { } reason } => $"The MCP server '{server.Name}' returned an error: {ForeignText.Clean(reason, MaxLength)}",
        HttpRequestException { StatusCode: { } status } => string.Create(CultureInfo.InvariantCulture, $"The MCP server '{server.Name}' returned HTTP status {(int)status}."),
        InvalidDataException or { InnerException: InvalidDataException } => $"The MCP server '{server.Name}' sent a response that is too large.",
        AppTokenException => $"The app's identity has no token for the MCP server '{server.Name}'.",
        TooManyRequestsException or { InnerException: TooManyRequestsException } => $"The MCP server '{server.Name}' sent too many requests at the same time.",
        Win32Exception => $"The program of the MCP server '{server.Name}' can't be started: its Command, or its working folder, does not exist or can't be run.",
        ClientTransportClosedException or IOException => $"The MCP server '{server.Name}' closed the connection.",
        HttpRequestException or { InnerException: HttpRequestException } => $"The MCP server '{server.Name}' can't be reached.",
        TimeoutException or OperationCanceledException => $"The MCP server '{server.Name}' did not respond in time.",
        McpProtocolException protocol => $"The MCP server '{server.Name}' returned an error: {ForeignText.Clean(protocol.Message, MaxLength)}",
        McpException or JsonException => $"The MCP server '{server.Name}' did not send a valid response.",
        _ => $"The MCP server '{server.Name}' failed.",
    };
}
