using FuncChat.Engine;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Http;

/// <summary>OpenAI's error object, as its SDKs read it: in the body of a response, and in the middle of a stream.</summary>
internal sealed record OpenAiError(OpenAiErrorBody Error)
{
    private const string InvalidRequest = "invalid_request_error";
    private const string ServerError = "server_error";

    public static OpenAiError Of(AppError error) => new(new OpenAiErrorBody(JsonField.MessageOf(error), TypeOf(error), JsonField.NameOf(error.Path), CodeOf(error)));

    /// <summary>The status, if it differs from that of the server's own routes.</summary>
    public static int? StatusOf(AppError error) => error switch
    {
        { Reason: ErrorReason.ModelNotFound } => StatusCodes.Status404NotFound,
        { Code: ErrorCode.ContentFiltered } => StatusCodes.Status400BadRequest,

        // The provider refused the server's key, for example. A 401 would tell the client that its own key is wrong.
        { Code: ErrorCode.ConfigurationError } => StatusCodes.Status502BadGateway,
        _ => null,
    };

    private static string TypeOf(AppError error) => error.Code switch
    {
        _ when error.Reason == ErrorReason.InsufficientQuota => ErrorReason.InsufficientQuota,
        ErrorCode.RateLimited => "rate_limit_error",
        ErrorCode.Unauthorized => "authentication_error",
        ErrorCode.Forbidden => "permission_error",
        ErrorCode.InvalidRequest or ErrorCode.NotFound or ErrorCode.Conflict or ErrorCode.ContentFiltered => InvalidRequest,
        _ => ServerError,
    };

    private static string? CodeOf(AppError error) => error.Code switch
    {
        _ when error.Reason is { } reason => reason,
        ErrorCode.Unauthorized => "invalid_api_key",
        ErrorCode.RateLimited => "rate_limit_exceeded",
        ErrorCode.ContentFiltered => "content_filter",
        ErrorCode.InvalidRequest => null,
        _ => ErrorCodeName.Of(error.Code).ToLowerInvariant(),
    };
}

/// <param name="Param">The field of the request that is wrong, such as `messages[0].role`.</param>
internal sealed record OpenAiErrorBody(string Message, string Type, string? Param, string? Code);
