using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using FuncChat.Engine;
using FuncChat.Engine.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Web.Http;

/// <summary>An error as `application/problem+json` (RFC 9457), with our code, and the JSON path of the error where there is one.</summary>
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

        // With its length: the Functions host cuts a chunked response when the function fails after it.
        var json = JsonSerializer.SerializeToUtf8Bytes(document, WebJson.Relaxed.ProblemDocument);
        response.ContentType = "application/problem+json";
        response.ContentLength = json.Length;
        await response.Body.WriteAsync(json, httpContext.RequestAborted);
    }

    private static int StatusOf(AppError error) => error.Code switch
    {
        ErrorCode.InvalidRequest => StatusCodes.Status400BadRequest,
        ErrorCode.Unauthorized => StatusCodes.Status401Unauthorized,
        ErrorCode.Forbidden => StatusCodes.Status403Forbidden,
        ErrorCode.NotFound => StatusCodes.Status404NotFound,
        ErrorCode.Conflict => StatusCodes.Status409Conflict,
        ErrorCode.RateLimited => StatusCodes.Status429TooManyRequests,
        ErrorCode.UpstreamError or ErrorCode.ContentFiltered => StatusCodes.Status502BadGateway,
        ErrorCode.UpstreamTimeout or ErrorCode.TurnTimeout => StatusCodes.Status504GatewayTimeout,
        ErrorCode.Unavailable => StatusCodes.Status503ServiceUnavailable,

        // Deliberate: clients that retry server errors must not retry it.
        ErrorCode.Cancelled => StatusCodes.Status499ClientClosedRequest,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static string TitleOf(ErrorCode code) => code switch
    {
        ErrorCode.InvalidRequest => "The request is not valid",
        ErrorCode.Unauthorized => "Sign in first",
        ErrorCode.Forbidden => "Not allowed",
        ErrorCode.NotFound => "Not found",
        ErrorCode.Conflict => "Conflicts with what exists",
        ErrorCode.RateLimited => "Too many requests",
        ErrorCode.ConfigurationError => "The server is not set up for this",
        ErrorCode.UpstreamError => "The model failed",
        ErrorCode.UpstreamTimeout => "The model took too long",
        ErrorCode.TurnTimeout => "The turn took too long",
        ErrorCode.ContentFiltered => "The content filter stopped the answer",
        ErrorCode.Cancelled => "Stopped",
        ErrorCode.Unavailable => "Temporarily unavailable",
        _ => "Internal server error",
    };
}

/// <summary>A problem document (RFC 9457). Programs read `code`, people read `detail`.</summary>
/// <param name="Path">The location of the error in the body, such as $.messages[0].role.</param>
/// <param name="Limit">The name of the limit that was reached, such as `requests_per_minute`.</param>
/// <param name="Retryable">Whether the same request may succeed later.</param>
internal sealed record ProblemDocument(
    string Type, string Title, int Status, string Detail, ErrorCode Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Path,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Limit, bool Retryable, string TraceId);
