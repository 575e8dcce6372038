using FuncChat.Engine;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Http;

/// <summary>
/// The outermost step of every request, in both hosts: sets the headers that all answers have, refuses what can be read in two ways, and answers
/// where nobody caught an exception.
/// </summary>
internal sealed class RequestEdge(RequestDelegate next, UncaughtExceptions uncaught)
{
    public async Task InvokeAsync(HttpContext http)
    {
        SecurityHeaders.SetOn(http);
        if (HasTwoLengths(http.Request))
        {
            http.Response.Headers.Connection = "close";
            var error = new AppError(ErrorCode.InvalidRequest, "Send either Content-Length or Transfer-Encoding, not both.");
            await new ProblemResult(error, StatusCodes.Status400BadRequest).ExecuteAsync(http);
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

    // A proxy in front may have gone by the other one, and see a second request where Kestrel sees a body (RFC 9112, 6.1). Kestrel goes by
    // Transfer-Encoding, and puts the length aside under this name.
    private static bool HasTwoLengths(HttpRequest request) =>
        request.Headers.TransferEncoding.Count > 0 && request.Headers.ContainsKey("X-Content-Length");
}
