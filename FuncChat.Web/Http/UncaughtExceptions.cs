using FuncChat.Engine;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FuncChat.Web.Http;

/// <summary>Makes a problem document of whatever nobody caught. What broke is told to the log; the caller gets its trace id.</summary>
public sealed partial class UncaughtExceptions(ILogger<UncaughtExceptions> logger)
{
    private static AppError Broken { get; } = new(ErrorCode.Internal, "An unexpected error occurred on the server. Try again.") { Retryable = true };

    /// <summary>Answers the request, unless its client has left.</summary>
    public async Task AnswerAsync(HttpContext http, Exception exception)
    {
        if (http.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
            return;
        if (exception is BadHttpRequestException bad && !http.Response.HasStarted)
        {
            await new ProblemResult(new AppError(ErrorCode.InvalidRequest, "The request could not be read."), bad.StatusCode).ExecuteAsync(http);
            return;
        }

        LogBroke(http.Request.Method, exception);
        if (http.Response.HasStarted)
            http.Abort(); // so that nobody takes what was sent for whole
        else
            await new ProblemResult(Broken).ExecuteAsync(http);
    }

    [LoggerMessage(451, LogLevel.Error, "A {Method} request broke")]
    private partial void LogBroke(string method, Exception exception);
}
