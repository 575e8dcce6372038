using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using FuncChat.Engine;
using FuncChat.Engine.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Web.Http;

/// <summary>An error as `application/problem+json` (RFC 9457), with our code, and the JSON path of the fault where there is one.</summary>
internal sealed class ProblemResult(AppError error, int? status = null) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.RequestServices.GetService<EngineTelemetry>()?.Refused(error);
        var response = httpContext.Response;
        response.StatusCode = status ?? StatusOf(error);
        if (error.RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var document = new ProblemDocument(
            "about:blank", TitleOf(error.Code), response.StatusCode, error.Message, error.Code, error.Path, error.Limit, error.Retryable,
            Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier);
        await response.WriteAsJsonAsync(document, WebJson.Relaxed.ProblemDocument, "application/problem+json", httpContext.RequestAborted);
    }

    private static int StatusOf(AppError error) => error.Code switch
    {
        _ when error.IsConflict => StatusCodes.Status409Conflict,
        ErrorCode.InvalidRequest => StatusCodes.Status400BadRequest,
        ErrorCode.Unauthorized => StatusCodes.Status401Unauthorized,
        ErrorCode.Forbidden => StatusCodes.Status403Forbidden,
        ErrorCode.NotFound => StatusCodes.Status404NotFound,
        ErrorCode.RateLimited => StatusCodes.Status429TooManyRequests,
        ErrorCode.UpstreamError or ErrorCode.ContentFiltered => StatusCodes.Status502BadGateway,
        ErrorCode.UpstreamTimeout => StatusCodes.Status504GatewayTimeout,

        // Somebody wanted it so: clients that try again what failed on the server are not to begin anew.
        ErrorCode.Cancelled => StatusCodes.Status499ClientClosedRequest,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static string TitleOf(ErrorCode code) => code switch
    {
        ErrorCode.InvalidRequest => "The request is not valid",
        ErrorCode.Unauthorized => "Sign in first",
        ErrorCode.Forbidden => "Not allowed",
        ErrorCode.NotFound => "Not found",
        ErrorCode.RateLimited => "Too much at once",
        ErrorCode.ConfigurationError => "The server is not set up for this",
        ErrorCode.UpstreamError => "The model failed",
        ErrorCode.UpstreamTimeout => "The model took too long",
        ErrorCode.ContentFiltered => "The content filter stopped the answer",
        ErrorCode.Cancelled => "Stopped",
        _ => "Something broke on the server",
    };
}

/// <summary>The fields of a problem document. `code` is what programs go by, `detail` what people read.</summary>
internal sealed record ProblemDocument(
    string Type, string Title, int Status, string Detail, ErrorCode Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Path,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Limit, bool Retryable, string TraceId);
