namespace FuncChat.Engine.Models.OpenAi;

/// <summary>The request field that limits an answer's length.</summary>
internal enum TokenLimitField
{
    /// <summary>`max_tokens`: nearly everyone.</summary>
    MaxTokens,

    /// <summary>`max_completion_tokens`: OpenAI and Azure OpenAI, whose reasoning models refuse the older name.</summary>
    MaxCompletionTokens,
}

/// <summary>How the key is sent.</summary>
internal enum ApiKeyHeader
{
    /// <summary>`Authorization: Bearer …`: nearly everyone.</summary>
    Bearer,

    /// <summary>`api-key: …`: Azure OpenAI.</summary>
    ApiKey,
}

/// <summary>Where and how one provider's OpenAI-compatible chat completions are called.</summary>
/// <param name="Provider">The provider's name, as settings and messages for people call it.</param>
/// <param name="CompletionsUrl">The full URL; see <see cref="UrlFrom"/>.</param>
/// <param name="ApiKey">The key, or null for a provider that wants none.</param>
internal sealed record OpenAiEndpoint(string Provider, Uri CompletionsUrl, string? ApiKey)
{
    public TokenLimitField TokenLimitField { get; init; } = TokenLimitField.MaxTokens;

    public ApiKeyHeader KeyHeader { get; init; } = ApiKeyHeader.Bearer;

    /// <summary>Gives the key before each try, in place of <see cref="ApiKey"/>, where it may change while the process runs.</summary>
    public ICredentialProvider? CallKey { get; init; }

    /// <summary>What to say when the provider does not let the call in; null where that is a matter of its key.</summary>
    public string? WhenRefused { get; init; }

    /// <summary>The longest silence of the provider, before its first byte and between any two. Default 60 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest a call may take in all, retries included. Default 10 min.</summary>
    public TimeSpan OverallTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often a call that failed before its first byte is made again. Default 2; 0 for never.</summary>
    public int MaxRetries { get; init; } = 2;

    /// <summary>The wait before the first retry; it doubles with each, and is spread at random. Default 500 ms.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The longest wait that the provider may ask for by `Retry-After`. Where it asks for more, the call fails at once and says how long to
    /// wait, since a person would rather know. Default 10 s.
    /// </summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>An endpoint with what its host is known to want: OpenAI's token field, Azure's key header.</summary>
    /// <param name="url">A base URL or a full `…/chat/completions` URL.</param>
    /// <exception cref="FormatException">The URL is none; see <see cref="UrlFrom"/>.</exception>
    public static OpenAiEndpoint For(string provider, string url, string? apiKey)
    {
        var completionsUrl = UrlFrom(url);
        var host = completionsUrl.IdnHost;
        var isAzure = host.EndsWith(".azure.com", StringComparison.OrdinalIgnoreCase);
        var isOpenAi = isAzure || host.Equals("api.openai.com", StringComparison.OrdinalIgnoreCase);
        return new OpenAiEndpoint(provider, completionsUrl, string.IsNullOrWhiteSpace(apiKey) ? null : apiKey.Trim())
        {
            TokenLimitField = isOpenAi ? TokenLimitField.MaxCompletionTokens : TokenLimitField.MaxTokens,
            KeyHeader = isAzure ? ApiKeyHeader.ApiKey : ApiKeyHeader.Bearer,
        };
    }

    /// <summary>
    /// The chat completions URL from what people set: a base URL with or without a trailing slash, a bare host (taken as its `/v1`), or the
    /// full URL. A query, such as Azure's `api-version`, is kept.
    /// </summary>
    /// <exception cref="FormatException">It is no absolute http or https URL; the message says what a good one looks like.</exception>
    public static Uri UrlFrom(string url)
    {
        const string Suffix = "/chat/completions";
        if (!Uri.TryCreate(url?.Trim(), UriKind.Absolute, out var given)
            || given.Scheme is not ("https" or "http")
            || given.UserInfo.Length > 0)
        {
            throw new FormatException("A model provider's URL must be like https://api.openai.com/v1, without user name or key.");
        }

        var path = given.AbsolutePath.TrimEnd('/');
        if (!path.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase))
            path = (path.Length == 0 ? "/v1" : path) + Suffix;
        return new UriBuilder(given) { Path = path, Fragment = "" }.Uri;
    }

    /// <summary>Without the key, so that no log gets it by accident.</summary>
    public override string ToString() => $"{Provider} at {CompletionsUrl.GetLeftPart(UriPartial.Path)}";
}
