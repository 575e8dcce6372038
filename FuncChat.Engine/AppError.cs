namespace FuncChat.Engine;

/// <summary>
/// An error for the caller: a closed code, and a sentence that says what to do. `error` events and problem documents contain it, so it never
/// contains a key, an internal address or a stack trace.
/// </summary>
public sealed record AppError(ErrorCode Code, string Message)
{
    /// <summary>The error of a field in the request body.</summary>
    /// <param name="path">Its <see cref="Path"/>.</param>
    public static AppError Invalid(string path, string message) => new(ErrorCode.InvalidRequest, message) { Path = path };

    /// <summary>The same request may succeed later.</summary>
    public bool Retryable { get; init; }

    /// <summary>The JSON path of the error in the request body, such as `$.messages[0].role`.</summary>
    public string? Path { get; init; }

    /// <summary>A narrower code in OpenAI's words, such as <see cref="ErrorReason.ModelNotFound"/>; null if there is none.</summary>
    public string? Reason { get; init; }

    /// <summary>The HTTP status, if it is more precise than the code, such as 413; else null.</summary>
    public int? Status { get; init; }

    /// <summary>The name of the limit that was reached, such as `requests_per_minute`; null if no limit was.</summary>
    public string? Limit { get; init; }

    /// <summary>How long to wait before trying again, if known.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
