using FuncChat.Engine;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FuncChat.Web.Http;

/// <summary>
/// The outermost step of every request, in both hosts: sets the headers that all answers have, refuses what can be read in two ways, and makes
/// a problem document of whatever nobody caught. What broke is told to the log; the caller gets its trace id.
/// </summary>
internal sealed partial class RequestEdge(RequestDelegate next, ILogger<RequestEdge> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        SecurityHeaders.SetOn(http);
        if (HasTwoLengths(http.Request))
        {
            http.Response.Headers.Connection = "close";
            await AnswerAsync(http, new ChatError(
                ErrorCode.InvalidRequest, "Send either Content-Length or Transfer-Encoding, not both."), StatusCodes.Status400BadRequest);
            return;
        }

        try
        {
            await next(http);
        }
        catch (Exception e) when (http.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The client has left.
        }
        catch (BadHttpRequestException bad) when (!http.Response.HasStarted)
        {
            await AnswerAsync(http, new ChatError(ErrorCode.InvalidRequest, "The request could not be read."), bad.StatusCode);
        }
        catch (Exception e)
        {
            LogBroke(http.Request.Method, e);
            if (http.Response.HasStarted)
                http.Abort(); // so that nobody takes what was sent for whole
            else
                await AnswerAsync(http, Broken);
        }
    }

    private static ChatError Broken { get; } = new(ErrorCode.Internal, "Something broke on the server. Try again.") { Retryable = true };

    // A proxy in front may have gone by the other one, and see a second request where Kestrel sees a body (RFC 9112, 6.1). Kestrel goes by
    // Transfer-Encoding, and puts the length aside under this name.
    private static bool HasTwoLengths(HttpRequest request) =>
        request.Headers.TransferEncoding.Count > 0 && request.Headers.ContainsKey("X-Content-Length");

    private static Task AnswerAsync(HttpContext http, ChatError error, int? status = null) =>
        new ProblemResult(error, status).ExecuteAsync(http);

    [LoggerMessage(401, LogLevel.Error, "A {Method} request broke")]
    private partial void LogBroke(string method, Exception exception);
}
