using System.Net;
using System.Text.Json;

namespace FuncChat.Tools.Mcp;

/// <summary>
/// A server refuses a request with 400, perhaps because it no longer knows the session: the specification requires 404, which not all SDKs send. The request did not run.
/// </summary>
/// <param name="reason">The server's message; null if it sent none.</param>
internal sealed class SessionLostException(string? reason) : HttpRequestException("The server may have lost the session.", null, HttpStatusCode.BadRequest)
{
    // Codes of a server's own (-32000 and -32001), and that of an invalid request.
    private static readonly int[] Codes = [-32000, -32001, -32600];

    public string? Reason => reason;

    /// <summary>Reads a response with status 400 to a request of a session.</summary>
    /// <returns>Null if the response is the reply to a call: an error that does not concern the session.</returns>
    public static async Task<SessionLostException?> ReadAsync(HttpContent response, CancellationToken cancellationToken)
    {
        if (response.Headers.ContentType?.MediaType != "application/json")
            return new SessionLostException(null);
        try
        {
            // The content is kept: the SDK reads it again.
            using var body = JsonDocument.Parse(await response.ReadAsStringAsync(cancellationToken));
            if (body.RootElement.ValueKind != JsonValueKind.Object || !body.RootElement.TryGetProperty("jsonrpc", out _))
                return new SessionLostException(null);
            var error = body.RootElement.GetProperty("error");
            var message = error.GetProperty("message").GetString() ?? "";
            return Codes.Contains(error.GetProperty("code").GetInt32())
                && (message.Contains("session", StringComparison.OrdinalIgnoreCase) || message.Contains("initialize", StringComparison.OrdinalIgnoreCase))
                ? new SessionLostException(message)
                : null;
        }
        catch (JsonException)
        {
            return new SessionLostException(null);
        }
        catch (Exception odd) when (odd is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }
}
