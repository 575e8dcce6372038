namespace FuncChat.Engine;

/// <summary>
/// What is wrong, for the caller: a closed code, and a sentence for a person that says what to do. It goes into `error` events and problem
/// documents alike, so it never holds a key, an address of ours or a stack trace.
/// </summary>
public sealed record AppError(ErrorCode Code, string Message)
{
    /// <summary>The same request may succeed later.</summary>
    public bool Retryable { get; init; }

    /// <summary>The JSON path of the error in the request body, such as `$.messages[0].role`.</summary>
    public string? Path { get; init; }

    /// <summary>The name of the limit that was reached, such as `requests_per_minute`, where it was one.</summary>
    public string? Limit { get; init; }

    /// <summary>How long to wait before trying again, where that is known.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
