using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using FuncChat.Engine;
using FuncChat.Engine.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Web.Http;

/// <summary>
/// An error as `application/problem+json` (RFC 9457), with our code and the JSON path of the error if there is one. On the routes of OpenAI's API, it is
/// OpenAI's error object instead, and on those of the AI SDK, the message alone.
/// </summary>
internal sealed class ProblemResult(AppError error) : IResult
{
    public AppError Error => error;

    /// <summary>Whether OpenAI's SDKs may send the request again automatically, if the status alone makes them.</summary>
    public bool MayRetry { get; init; } = error.Retryable;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.RequestServices.GetService<EngineTelemetry>()?.Refused(error);
        var response = httpContext.Response;
        var isOpenAi = OpenAiPath.Includes(httpContext.Request.Path) || OpenAiPath.IsMisplaced(httpContext.Request.Path);
        response.StatusCode = error.Status ?? (isOpenAi ? OpenAiError.StatusOf(error) : null) ?? StatusOf(error);
        if (error.RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (!MayRetry && response.StatusCode is StatusCodes.Status408RequestTimeout or StatusCodes.Status409Conflict or StatusCodes.Status429TooManyRequests or >= 500)
            response.Headers["x-should-retry"] = "false";

        // A client that is still sending need not send the rest.
        if (response.StatusCode == StatusCodes.Status413PayloadTooLarge)
            response.Headers.Connection = "close";

        // `useChat` shows the whole body as the message of its error.
        if (UiChatPath.Includes(httpContext.Request.Path))
        {
            response.ContentType = "text/plain; charset=utf-8";
            await response.WriteAsync(JsonField.MessageOf(error), httpContext.RequestAborted);
            return;
        }

        // With its length: the Functions host cuts a chunked response when the function fails after it.
        var json = isOpenAi
            ? JsonSerializer.SerializeToUtf8Bytes(OpenAiError.Of(error), WebJson.Relaxed.OpenAiError)
            : JsonSerializer.SerializeToUtf8Bytes(DocumentOf(httpContext), WebJson.Relaxed.ProblemDocument);
        response.ContentType = isOpenAi ? "application/json" : "application/problem+json";
        response.ContentLength = json.Length;
        await response.Body.WriteAsync(json, httpContext.RequestAborted);
    }

    private ProblemDocument DocumentOf(HttpContext http) => new(
        "about:blank", TitleOf(error.Code), http.Response.StatusCode, error.Message, error.Code, error.Path, error.Limit, error.Retryable,
        RequestId.Of(http));

    private static int StatusOf(AppError error) => error.Code switch
    {
        ErrorCode.InvalidRequest => StatusCodes.Status400BadRequest,
        ErrorCode.Unauthorized => StatusCodes.Status401Unauthorized,
        ErrorCode.Forbidden => StatusCodes.Status403Forbidden,
        ErrorCode.NotFound => StatusCodes.Status404NotFound,
        ErrorCode.Conflict => StatusCodes.Status409Conflict,
        ErrorCode.RateLimited or ErrorCode.BudgetExceeded => StatusCodes.Status429TooManyRequests,
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
        ErrorCode.BudgetExceeded => "The budget is spent",
        ErrorCode.ConfigurationError => "The server is not set up for this",
        ErrorCode.UpstreamError => "Another service failed",
        ErrorCode.UpstreamTimeout => "Another service took too long",
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
