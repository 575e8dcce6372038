namespace FuncChat.Tools.Fetch;

/// <summary>
/// Sends requests to the public internet, for addresses that a model or a page chose. Redirects are not followed, so that the caller checks
/// each one. Uses no proxy, and sends no cookies and no credentials.
/// </summary>
internal sealed class GuardedHttp : IDisposable
{
    /// <summary>The key of the client that reads pages.</summary>
    public const string Pages = "pages";

    /// <summary>The key of the client that asks search providers.</summary>
    public const string Search = "search";

    private const string Reader = $"Mozilla/5.0 (compatible; {UserAgent.Product}; reads pages for a chat assistant)";

    private readonly HttpClient _client;

    public GuardedHttp(GuardedConnector connector)
    {
        // Callers bring their own time limits, which cover the body too; HttpClient's covers the headers only.
        _client = new HttpClient(connector.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", Reader);
        _client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Encoding", LimitedBody.AcceptedCodings);
    }

    /// <summary>Sends a request, and returns once the headers have arrived. The body is read by <see cref="LimitedBody"/>.</summary>
    /// <exception cref="ToolException">The request failed. The message has the reason.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var host = AsciiHost.Of(request.RequestUri!) ?? throw new ToolException(GuardedConnector.NoSuchHost(request.RequestUri!.Host));
        try
        {
            return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new ToolException(Explain(exception, host), exception);
        }
    }

    public void Dispose() => _client.Dispose();

    private static string Explain(HttpRequestException exception, string host) => exception switch
    {
        { InnerException: ToolException refusal } => refusal.Message,
        { HttpRequestError: HttpRequestError.NameResolutionError } => GuardedConnector.NoSuchHost(host),
        { HttpRequestError: HttpRequestError.ConnectionError } => $"'{host}' does not accept connections.",
        { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            $"A secure connection to '{host}' is not possible: its certificate or TLS is invalid.",
        { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => $"'{host}' sent headers that are too large.",
        _ => $"'{host}' returned no valid HTTP response.",
    };
}
