using FuncChat.Engine;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FuncChat.Web.Http;

/// <summary>
/// Answers exceptions that no handler caught with a problem document, in both hosts. The exception goes to the log; the client gets the trace id.
/// </summary>
public sealed partial class UncaughtExceptions(ILogger<UncaughtExceptions> logger)
{
    private static AppError StoreFailed { get; } = new(ErrorCode.Unavailable, "The turn store can't be reached. Try again in a moment.")
    {
        Retryable = true,
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    private static AppError Damaged { get; } = new(ErrorCode.Internal, "What is stored is damaged and can't be read.");

    /// <summary>Answers the request, unless its client has left.</summary>
    public async Task AnswerAsync(HttpContext http, Exception exception)
    {
        if (http.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
            return;
        if (exception is BadHttpRequestException bad && !http.Response.HasStarted)
        {
            await new ProblemResult(new AppError(ErrorCode.InvalidRequest, "The request could not be read.") { Status = bad.StatusCode }).ExecuteAsync(http);
            return;
        }

        var error = Report(http, exception);
        if (http.Response.HasStarted)
            http.Abort(); // so that the client does not mistake what it received for the whole response
        else
            await new ProblemResult(error).ExecuteAsync(http);
    }

    /// <summary>Logs an exception, and returns the error for the client.</summary>
    public AppError Report(HttpContext http, Exception exception)
    {
        LogFailed(http.Request.Method, exception);
        return exception switch
        {
            TurnStoreException { Reason: TurnStoreFailure.Damaged } => Damaged,
            TurnStoreException => StoreFailed,
            _ => TurnErrors.Internal,
        };
    }

    [LoggerMessage(451, LogLevel.Error, "A {Method} request failed unexpectedly")]
    private partial void LogFailed(string method, Exception exception);
}
