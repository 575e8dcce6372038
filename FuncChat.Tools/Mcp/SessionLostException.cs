using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FuncChat.Tools.Mcp;

/// <summary>
/// A server refuses a request with 400 because it no longer knows the session: the specification requires 404, which not all SDKs send.
/// </summary>
/// <param name="reason">The server's message; null if it sent none.</param>
/// <param name="isCertain">Whether the request did not run. If not, the response only mentions a session.</param>
internal sealed partial class SessionLostException(string? reason, bool isCertain) : HttpRequestException("The server has lost the session.", null, HttpStatusCode.BadRequest)
{
    // Codes of a server's own (-32000 and -32001), and that of an invalid request.
    private static readonly int[] Codes = [-32000, -32001, -32600];

    private const int MaxText = 4096;

    public string? Reason => reason;

    public bool IsCertain => isCertain;

    /// <summary>Reads a response with status 400 to a request of a session.</summary>
    /// <returns>Null if the response does not concern the session.</returns>
    public static async Task<SessionLostException?> ReadAsync(HttpContent response, CancellationToken cancellationToken)
    {
        var type = response.Headers.ContentType?.MediaType;

        // The content is kept: the SDK reads it again.
        var text = await response.ReadAsStringAsync(cancellationToken);
        if (string.IsNullOrWhiteSpace(text))
            return new SessionLostException(null, isCertain: true);
        var isLost = IsOfSession(text);
        if (!isLost && !text.Contains("session", StringComparison.OrdinalIgnoreCase))
            return null;
        if (type != "application/json")
            return new SessionLostException(null, isLost);
        try
        {
            using var body = JsonDocument.Parse(text);
            if (body.RootElement.ValueKind != JsonValueKind.Object || !body.RootElement.TryGetProperty("jsonrpc", out _))
                return new SessionLostException(null, isLost);
            var error = body.RootElement.GetProperty("error");
            var message = error.GetProperty("message").GetString() ?? "";
            return new SessionLostException(message, Codes.Contains(error.GetProperty("code").GetInt32()) && IsOfSession(message));
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return new SessionLostException(null, isCertain: false);
        }
    }

    private static bool IsOfSession(string text) => LostSession.IsMatch(text[..Math.Min(text.Length, MaxText)]);

    // Such as "No valid session ID provided", "Session 5f1a not found" and "Server not initialized". A text that mentions a session for another reason is an error of the call.
    [GeneratedRegex(
        @"\b(unknown|expired|invalid|missing|stale|no|no (valid|active|such)|no transport( found)? for|(could not|couldn['’]t|cannot|can['’]t|unable to) find)( (or|and) \w+)?( the| a)? (mcp[ -])?session(id)?\b|"
        + @"\bsession([ -]?id)?( header)?( with( the)? id)?:?( ['""]?[\w-]*\d[\w-]*['""]?)?:?( (is|was|has|has been|does|could|or|either))* (not (found|exist|be found|known|valid)|doesn['’]t exist|unknown|expired|invalid|missing|required|terminated|closed|timed out|no longer)\b|"
        + @"\bnot initialized\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex LostSession { get; }
}
