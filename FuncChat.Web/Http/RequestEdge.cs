using FuncChat.Engine;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Http;

/// <summary>
/// The outermost middleware of both hosts: sets the headers that all responses have, refuses ambiguous requests, and answers uncaught exceptions.
/// </summary>
internal sealed class RequestEdge(RequestDelegate next, UncaughtExceptions uncaught, RefusedBody refused)
{
    /// <summary>The error of a request whose `Host` header is not valid.</summary>
    public static AppError BadHost { get; } = new(ErrorCode.InvalidRequest, "The Host header is not a valid host name and port.");

    public async Task InvokeAsync(HttpContext http)
    {
        RefusedBody.Announce(http);
        await AnswerAsync(http);
        await refused.ReadOnAsync(http);
    }

    private async Task AnswerAsync(HttpContext http)
    {
        SecurityHeaders.SetOn(http);
        if (!HasReadableHost(http.Request))
        {
            await new ProblemResult(BadHost).ExecuteAsync(http);
            return;
        }

        if (OpenAiPath.Includes(http.Request.Path))
            http.Response.Headers["x-request-id"] = RequestId.Of(http);
        if (HasTwoLengths(http.Request))
        {
            http.Response.Headers.Connection = "close";
            var error = new AppError(ErrorCode.InvalidRequest, "Send either Content-Length or Transfer-Encoding, not both.");
            await new ProblemResult(error).ExecuteAsync(http);
            return;
        }

        if (HasCodingOfLaterVersion(http.Request))
        {
            http.Response.Headers.Connection = "close";
            var error = new AppError(ErrorCode.InvalidRequest, "Send Content-Length: HTTP/1.0 has no Transfer-Encoding.");
            await new ProblemResult(error).ExecuteAsync(http);
            return;
        }

        if (HasOtherCoding(http.Request))
        {
            http.Response.Headers.Connection = "close";
            var error = new AppError(ErrorCode.InvalidRequest, "Send the body without a transfer coding other than chunked.") { Status = StatusCodes.Status501NotImplemented };
            await new ProblemResult(error).ExecuteAsync(http);
            return;
        }

        try
        {
            await next(http);
        }
        catch (Exception e)
        {
            await uncaught.AnswerAsync(http, e);
        }
    }

    // A host such as xn-- has the form of an international name, but is none: reading it throws.
    private static bool HasReadableHost(HttpRequest request)
    {
        try
        {
            return request.Host.ToUriComponent() is not null;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // Kestrel accepts any coding before chunked, and doesn't decode it (RFC 9112, 6.1: answer 501).
    private static bool HasOtherCoding(HttpRequest request) =>
        request.Headers.TransferEncoding is { Count: > 0 } codings && !(codings.Count == 1 && codings.ToString().Trim().Equals("chunked", StringComparison.OrdinalIgnoreCase));

    // A proxy in front may use the other one and see a second request where Kestrel sees a body (RFC 9112, 6.1). Kestrel uses
    // Transfer-Encoding and moves the length to this name.
    private static bool HasTwoLengths(HttpRequest request) =>
        request.Headers.TransferEncoding.Count > 0 && request.Headers.ContainsKey("X-Content-Length");

    // HTTP/1.0 has no transfer codings: a proxy of that version ends the request after its head (RFC 9112, 6.1).
    private static bool HasCodingOfLaterVersion(HttpRequest request) => request.Headers.TransferEncoding.Count > 0 && HttpProtocol.IsHttp10(request.Protocol);
}
