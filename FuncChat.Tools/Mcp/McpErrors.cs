using System.ComponentModel;
using System.Globalization;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using FuncChat.Tools.Fetch;
using FuncChat.Tools.Identity;
using FuncChat.Tools.Mcp.SignIn;
using ModelContextProtocol;
using ModelContextProtocol.Client;

namespace FuncChat.Tools.Mcp;

/// <summary>Describes failures of MCP servers for the model and the user, without addresses and credentials.</summary>
internal static class McpErrors
{
    private const int MaxLength = 1000;

    // The SDK's own.
    private const string Prefix = "Request failed (remote): ";

    // The SDK's own, if the stream of a response ends and can't be opened again.
    private const string NoReply = "Streamable HTTP POST response completed without a reply";

    // The SDK handles these itself.
    private static readonly McpErrorCode[] OfProtocol =
        [McpErrorCode.UnsupportedProtocolVersion, McpErrorCode.MissingRequiredClientCapability, McpErrorCode.HeaderMismatch, McpErrorCode.UrlElicitationRequired];

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The message of an error with its data, which often says what is wrong.</summary>
    /// <exception cref="InvalidOperationException">The data is text that is not valid.</exception>
    public static string WithData(string message, object? data) => data switch
    {
        JsonElement { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } or not JsonElement => message,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString() is { Length: > 0 } reason && !message.Contains(reason, StringComparison.Ordinal) ? $"{message}\n{reason}" : message,
        JsonElement json => $"{message}\n{JsonSerializer.Serialize(json, Readable)}",
    };

    /// <summary>Reads the error of the protocol that an HTTP response with an error status has in its body.</summary>
    /// <returns>Null if it has none, or one that the SDK handles.</returns>
    public static async Task<McpProtocolException?> ReadAsync(HttpContent response, CancellationToken cancellationToken)
    {
        try
        {
            // The content is kept: the SDK reads it again.
            using var message = JsonDocument.Parse(Charset.Decode(await response.ReadAsByteArrayAsync(cancellationToken), response.Headers.ContentType?.CharSet));
            if (message.RootElement.ValueKind != JsonValueKind.Object || !message.RootElement.TryGetProperty("jsonrpc", out _))
                return null;
            var error = message.RootElement.GetProperty("error");
            var code = (McpErrorCode)error.GetProperty("code").GetInt32();
            return OfProtocol.Contains(code)
                ? null
                : new McpProtocolException(WithData(error.GetProperty("message").GetString() ?? "", error.TryGetProperty("data", out var data) ? data : null), code);
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Whether the server does not accept the token of the request, or requires one.</summary>
    public static bool IsUnauthorized(Exception failure) =>
        failure is HttpRequestException { StatusCode: HttpStatusCode.Unauthorized } or { InnerException: HttpRequestException { StatusCode: HttpStatusCode.Unauthorized } };

    /// <summary>Whether the server could not be reached, or sent no valid response.</summary>
    public static bool IsOfConnection(Exception failure) => failure switch
    {
        InsufficientScopeException or McpProtocolException or SessionLostException { IsCertain: false, Reason: not null } or { InnerException: ResponseTooLargeException } => false,
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
        ResponseTooLargeException or { InnerException: ResponseTooLargeException } => $"The MCP server '{server.Name}' sent a response that is too large.",
        AppTokenException => $"The app's identity has no token for the MCP server '{server.Name}'.",
        TooManyRequestsException or { InnerException: TooManyRequestsException } => $"The MCP server '{server.Name}' sent too many requests at the same time.",
        Win32Exception => $"The program of the MCP server '{server.Name}' can't be started: its Command, or its working folder, does not exist or can't be run.",
        ClientTransportClosedException or IOException => $"The MCP server '{server.Name}' closed the connection.",
        HttpRequestException or { InnerException: HttpRequestException } => $"The MCP server '{server.Name}' can't be reached.",
        TimeoutException or OperationCanceledException => $"The MCP server '{server.Name}' did not respond in time.",
        McpProtocolException protocol => $"The MCP server '{server.Name}' returned an error: {ForeignText.Clean(WithoutPrefix(protocol.Message), MaxLength)}",
        McpException { Message: var text } when text.StartsWith(NoReply, StringComparison.Ordinal) =>
            $"The MCP server '{server.Name}' ended its response without a reply: it may have stopped or restarted, and the call may have run.",
        McpException or JsonException => $"The MCP server '{server.Name}' did not send a valid response.",
        _ => $"The MCP server '{server.Name}' failed.",
    };

    private static string WithoutPrefix(string message) => message.StartsWith(Prefix, StringComparison.Ordinal) ? message[Prefix.Length..] : message;
}
