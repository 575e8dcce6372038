using FuncChat.Tools.Fetch;

namespace FuncChat.Engine.Models.Http;

/// <summary>How the key is sent.</summary>
internal enum ApiKeyHeader
{
    /// <summary>`Authorization: Bearer …`: most providers.</summary>
    Bearer,

    /// <summary>`api-key: …`: Azure OpenAI.</summary>
    ApiKey,

    /// <summary>`x-api-key: …`: Anthropic.</summary>
    XApiKey,
}

/// <summary>Where and how one provider's API is called.</summary>
/// <param name="Provider">The provider's name in settings and messages for people.</param>
/// <param name="Url">The full URL of the call; see <see cref="UrlFrom"/>.</param>
/// <param name="ApiKey">The key, or null for a provider that needs none.</param>
internal sealed record ProviderEndpoint(string Provider, Uri Url, string? ApiKey)
{
    private static readonly string[] Operations = ["/chat/completions", "/responses", "/messages"];

    public ApiKeyHeader KeyHeader { get; init; } = ApiKeyHeader.Bearer;

    /// <summary>Headers that the API asks for in every request, such as its version.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Returns the key before each try, in place of <see cref="ApiKey"/>, where it may change while the process runs.</summary>
    public ICredentialProvider? CallKey { get; init; }

    /// <summary>What to report when the provider does not admit the call; null where that is a matter of its key.</summary>
    public string? WhenRefused { get; init; }

    /// <summary>The longest silence of the provider, before its first byte and between any two. Default 60 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = CallTimeouts.DefaultIdle;

    /// <summary>The longest a call may take in total, retries included. Default 10 min.</summary>
    public TimeSpan OverallTimeout { get; init; } = CallTimeouts.DefaultOverall;

    /// <summary>How often a call that failed before its first byte is retried. Default 2; 0 for never.</summary>
    public int MaxRetries { get; init; } = RetryPolicy.DefaultMaxRetries;

    /// <summary>Whether the host is Azure's.</summary>
    public bool IsAzure => Url.IdnHost.EndsWith(".azure.com", StringComparison.OrdinalIgnoreCase);

    /// <summary>The URL of the provider's list of models.</summary>
    public Uri ModelsUrl => new UriBuilder(Url) { Path = $"{BaseOf(Url.AbsolutePath)}/models" }.Uri;

    /// <summary>An endpoint with the key header of its host.</summary>
    /// <param name="url">A base URL or the full one of an operation.</param>
    /// <param name="operation">The path of the operation after the base, such as `/chat/completions`.</param>
    /// <exception cref="FormatException">The URL is not valid; see <see cref="UrlFrom"/>.</exception>
    public static ProviderEndpoint For(string provider, string url, string? apiKey, string operation)
    {
        var endpoint = new ProviderEndpoint(provider, UrlFrom(url, operation), string.IsNullOrWhiteSpace(apiKey) ? null : apiKey.Trim());
        return endpoint.IsAzure ? endpoint with { KeyHeader = ApiKeyHeader.ApiKey } : endpoint;
    }

    /// <summary>
    /// The URL of an operation from what people set: a base URL with or without a trailing slash, a bare host (read as its `/v1`), or the full URL
    /// of this or another operation. A query, such as Azure's `api-version`, is kept.
    /// </summary>
    /// <exception cref="FormatException">It is no absolute http or https URL; the message shows what a valid one looks like.</exception>
    public static Uri UrlFrom(string url, string operation)
    {
        if (!Uri.TryCreate(url?.Trim(), UriKind.Absolute, out var given)
            || given.Scheme is not ("https" or "http")
            || given.UserInfo.Length > 0
            || AsciiHost.Of(given) is null)
        {
            throw new FormatException("A model provider's URL must be like https://api.openai.com/v1, without user name or key.");
        }

        return new UriBuilder(given) { Path = BaseOf(given.AbsolutePath) + operation, Fragment = "" }.Uri;
    }

    /// <summary>Without the key, so that no log gets it by accident.</summary>
    public override string ToString() => $"{Provider} at {Url.GetLeftPart(UriPartial.Path)}";

    private static string BaseOf(string path)
    {
        path = path.TrimEnd('/');
        var operation = Array.Find(Operations, known => path.EndsWith(known, StringComparison.OrdinalIgnoreCase));
        if (operation is not null)
            path = path[..^operation.Length];
        return path.Length == 0 ? "/v1" : path;
    }
}
