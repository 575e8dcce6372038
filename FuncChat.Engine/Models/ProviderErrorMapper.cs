using System.Text.RegularExpressions;
using FuncChat.Engine.Models.Http;

namespace FuncChat.Engine.Models;

/// <summary>
/// What each failure of a provider means to the caller: the code, whether to retry, and a sentence for the user about what to do.
/// </summary>
/// <param name="provider">The provider's name in those sentences.</param>
/// <param name="apiKey">The key that was sent, so that no sentence repeats it.</param>
internal sealed partial class ProviderErrorMapper(string provider, string? apiKey)
{
    /// <summary>What to report when the provider does not admit the call; null where that is a matter of its key.</summary>
    public string? WhenRefused { get; init; }

    /// <summary>An answer with a status that is no success.</summary>
    public ModelException Refused(int status, ProviderError report, TimeSpan? retryAfter = null, Exception? inner = null) => status switch
    {
        _ when report.Is("content_filter") => Filtered(report, inner),
        403 when Forbidden(report, inner) is { } forbidden => forbidden,
        401 or 403 => KeyRefused(inner),
        // Gemini's and xAI's status for a wrong key.
        400 when RefusedKey().IsMatch(report.Message ?? "") => KeyRefused(inner),
        _ when status is 402 || (status is 400 && IsOutOfCredit(report)) => Fail(ErrorCode.ConfigurationError, $"The account at provider {provider} has no credit left.", inner),
        404 => NotFound(report, inner),
        405 => Fail(ErrorCode.ConfigurationError, $"Provider {provider} does not accept calls at its URL. Check its URL setting.", inner),
        408 or 504 => Fail(ErrorCode.UpstreamTimeout, $"Provider {provider} took too long.", inner, retryable: true),
        429 => RateLimited(report, retryAfter, inner),
        >= 300 and < 400 => Fail(ErrorCode.ConfigurationError, $"Provider {provider} answered with a redirect. Check its URL setting.", inner),
        // Groq's word for a tool call that its own parser could not read: the model's error, not the caller's.
        >= 400 and < 500 when report.Is("tool_use_failed") => Fail(
            ErrorCode.UpstreamError, With($"The model of provider {provider} made a malformed tool call", report), inner, retryable: true),
        >= 400 when IsContextOverflow(report) => Fail(
            ErrorCode.InvalidRequest, With($"Provider {provider} refused the request", report), inner, reason: ErrorReason.ContextLengthExceeded),
        413 when string.IsNullOrWhiteSpace(report.Message) => Fail(ErrorCode.InvalidRequest, $"The request is too large for provider {provider}. Shorten the conversation or its files.", inner),
        409 or 425 => Fail(ErrorCode.UpstreamError, With($"Provider {provider} failed with status {status}", report), inner, retryable: true, retryAfter),
        >= 400 and < 500 => Fail(ErrorCode.InvalidRequest, With($"Provider {provider} refused the request", report), inner, reason: ReasonOf(report)),
        _ => Fail(ErrorCode.UpstreamError, With($"Provider {provider} failed with status {status}", report), inner, retryable: true, retryAfter),
    };

    /// <summary>An error within a stream whose status was a success.</summary>
    /// <param name="hasBegun">Whether a part of the answer had arrived.</param>
    public ModelException Reported(ProviderError report, bool hasBegun)
    {
        if (StatusIn(report) is { } status)
            return Refused(status, report);
        if (IsContextOverflow(report))
            return Refused(400, report);
        return report.Is("content_filter")
            ? Filtered(report, null)
            : Fail(ErrorCode.UpstreamError, With(hasBegun ? $"Provider {provider} stopped in the middle of its answer" : $"Provider {provider} failed", report), null, retryable: true);
    }

    /// <summary>The status that an error within a stream has, or would have had in place of the stream; null where it is unknown.</summary>
    public static int? StatusIn(ProviderError report) => report.Status is >= 400 and < 600 ? report.Status : StatusOf(report.Code) ?? StatusOf(report.Type);

    /// <summary>No connection, or one that failed before the answer began.</summary>
    public ModelException Unreachable(HttpRequestException failure) => failure.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => Fail(
            ErrorCode.UpstreamError, $"The host of provider {provider} was not found. Check its URL setting and the network.", failure, retryable: true),
        HttpRequestError.SecureConnectionError => Fail(
            ErrorCode.UpstreamError,
            $"No secure connection to provider {provider} could be made. Check its URL setting and its certificate.",
            failure),
        _ => Fail(ErrorCode.UpstreamError, $"Provider {provider} cannot be reached.", failure, retryable: true),
    };

    public ModelException ConnectTimedOut(Exception failure) =>
        Fail(ErrorCode.UpstreamTimeout, $"Provider {provider} cannot be reached in time.", failure, retryable: true);

    public ModelException TimedOut(CallTimeouts deadline, Exception? failure) => Fail(
        ErrorCode.UpstreamTimeout,
        deadline.IsOverallTimeOver ? $"The answer of provider {provider} took too long." : $"Provider {provider} stopped answering.",
        failure,
        retryable: true);

    public ModelException BrokenOff(Exception? failure = null) =>
        Fail(ErrorCode.UpstreamError, $"Provider {provider} ended the connection before its answer was complete.", failure, retryable: true);

    /// <summary>Bytes that are no answer, described without their content.</summary>
    public ModelException NotUnderstood(string what, Exception? failure = null) =>
        Fail(ErrorCode.UpstreamError, $"Provider {provider} sent {what}. Check its URL setting.", failure);

    /// <summary>An event, or another part of an answer, that is larger than this server reads.</summary>
    public ModelException TooLarge(InvalidDataException failure) =>
        Fail(ErrorCode.UpstreamError, $"Provider {provider} sent more than this server reads. {failure.Message}", failure);

    /// <summary>An answer that has images, audio or other parts which are not read, and nothing else.</summary>
    public ModelException NothingToShow() =>
        Fail(ErrorCode.UpstreamError, $"The model of provider {provider} answered with content that this server can't show.", inner: null);

    /// <summary>A failure of an unknown kind.</summary>
    public ModelException Unknown(Exception failure) =>
        Fail(ErrorCode.UpstreamError, $"Provider {provider} failed.", failure, retryable: true);

    private ModelException KeyRefused(Exception? inner) =>
        Fail(ErrorCode.ConfigurationError, WhenRefused ?? $"The key for provider {provider} was refused. Check its API key setting.", inner);

    // Null where the provider gives no reason.
    private ModelException? Forbidden(ProviderError report, Exception? inner) =>
        report.Is("model_not_found") ? NotFound(report, inner)
        : IsModeration(report) ? Filtered(report, inner)
        : string.IsNullOrWhiteSpace(report.Message) ? null
        : Fail(ErrorCode.ConfigurationError, With(WhenRefused?.TrimEnd('.') ?? $"Provider {provider} refused access", report), inner);

    private static bool IsModeration(ProviderError report) =>
        Contains(report.Code, "moderation") || Contains(report.Type, "moderation") || Contains(report.Code, "content_policy")
        || (Contains(report.Message, "moderation") && Contains(report.Message, "flagged"));

    // Anthropic's words for a 402.
    private static bool IsOutOfCredit(ProviderError report) => Contains(report.Message, "credit balance is too low");

    private static bool Contains(string? text, string words) => text?.Contains(words, StringComparison.OrdinalIgnoreCase) == true;

    private ModelException NotFound(ProviderError report, Exception? inner)
    {
        if (report.Is(ErrorReason.ModelNotFound) || report.Is("DeploymentNotFound"))
            return UnknownModel(report, inner);

        // OpenRouter's, where no provider of the model is allowed, or has what the request asks for.
        if (NoEndpoint().IsMatch(report.Message ?? ""))
            return Fail(ErrorCode.InvalidRequest, With($"Provider {provider} refused the request", report), inner);
        if (Contains(report.Message, "model") || Contains(report.Message, "no endpoints found for "))
            return UnknownModel(report, inner);
        return string.IsNullOrWhiteSpace(report.Message) || NoSuchPage().IsMatch(report.Message)
            ? Fail(ErrorCode.ConfigurationError, $"Provider {provider} has no chat completions at its URL. Check its URL setting.", inner)
            : Fail(ErrorCode.ConfigurationError, $"{WithEnd(With($"Provider {provider} did not find what the call asks for", report))} Check its URL setting.", inner);
    }

    private ModelException UnknownModel(ProviderError report, Exception? inner) =>
        Fail(ErrorCode.InvalidRequest, With($"Provider {provider} does not know this model", report), inner, reason: ErrorReason.ModelNotFound);

    private ModelException RateLimited(ProviderError report, TimeSpan? retryAfter, Exception? inner) => report.Is("insufficient_quota")
        ? Fail(ErrorCode.RateLimited, $"The account at provider {provider} has used up its quota.", inner, reason: ErrorReason.InsufficientQuota)
        : Fail(ErrorCode.RateLimited, $"Provider {provider} is getting too many requests. Try again later.", inner, retryable: true, retryAfter ?? RetryWait.In(report));

    private ModelException Filtered(ProviderError report, Exception? inner) =>
        Fail(ErrorCode.ContentFiltered, With($"The content filter of provider {provider} refused the request", report), inner);

    // The status that an error would have had in place of the stream, by the words of OpenAI and Anthropic.
    private static int? StatusOf(string? word) => word?.ToLowerInvariant() switch
    {
        "invalid_request_error" or "context_length_exceeded" or "request_too_large" => 400,
        "authentication_error" or "invalid_api_key" => 401,
        "billing_error" => 402,
        "permission_error" => 403,
        "not_found_error" or "model_not_found" => 404,
        "rate_limit_exceeded" or "rate_limit_error" or "insufficient_quota" => 429,
        "timeout_error" => 504,
        _ => null,
    };

    private static string? ReasonOf(ProviderError report) => report.Is(ErrorReason.ModelNotFound) ? ErrorReason.ModelNotFound : null;

    // Few providers have OpenAI's code for it; the others are known by their words.
    private static bool IsContextOverflow(ProviderError report) =>
        ContextOverflow().IsMatch($"{report.Code} {report.Type} {report.Message}") && !RateOfTokens().IsMatch(report.Message ?? "");

    private string With(string sentence, ProviderError report) =>
        string.IsNullOrWhiteSpace(report.Message) ? $"{sentence}." : $"{sentence}: {ErrorRedactor.Clean(report.Message, apiKey)}";

    private static string WithEnd(string sentence) => sentence.TrimEnd() is [.., '.' or '!' or '?'] whole ? whole : sentence.TrimEnd() + '.';

    private static ModelException Fail(
        ErrorCode code, string message, Exception? inner, bool retryable = false, TimeSpan? retryAfter = null, string? reason = null) =>
        new(new AppError(code, message) { Retryable = retryable, RetryAfter = retryAfter, Reason = reason }, inner);

    [GeneratedRegex(@"^(?:[\w ]{0,40}: )?(?:(?:you passed )?an? )?(?:(?:incorrect|invalid) api.?key|(?:the |your )?(?:provided )?api.?key (?:is )?(?:not valid|invalid|expired|not found))", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex RefusedKey();

    [GeneratedRegex(@"^no (?:allowed |available )?(?:endpoints|providers)(?: found| available)? (?:that|which|matching|are|with)\b", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex NoEndpoint();

    // The words of servers and gateways for an address where nothing is.
    [GeneratedRegex(
        @"^(?:(?:404|error|the|this|requested|specified|page|resource|route|path|url|endpoint|file|was|is|could|does|not|be|exist|found|on|server|unknown|invalid|no|such)\b\W*)+$"
        + @"|^(?:cannot post|invalid url|no route matched|unknown request url)\b",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex NoSuchPage();

    [GeneratedRegex(
        "(?:maximum|max) context.(?:length|size|window)|exceed[^.]{0,40}context.(?:length|size|window|limit)|context.(?:length|size|window)[^.]{0,20} exceed|context_length_exceeded"
        + "|(?:longer|greater|larger) than [^.]{0,40}(?:context|model) (?:length|size|window)|(?:prompt|input) (?:is )?too long|token count[^.]{0,40}exceeds|exceeded model token limit"
        + "|maximum prompt length|reduce the length of the (?:messages|prompt|input)|range of input length|inputs` tokens"
        + "|context the overflows|context length of only|context window is full|tokens_limit_reached|body too large for [^ ]{1,100} model|^1261 |prompt exceeds max length"
        + "|too many tokens: |tokens in the prompt cannot exceed|must have less than [0-9]+ tokens|\\b(?:prompt|input|messages?|tokens)\\b[^.]{0,60} maximum sequence length",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex ContextOverflow();

    [GeneratedRegex("tokens[^.]{0,20} per (?:second|minute|hour|day)", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex RateOfTokens();
}
