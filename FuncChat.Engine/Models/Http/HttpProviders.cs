using FuncChat.Engine.Models.Catalog;
using FuncChat.Tools.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Models.Http;

/// <summary>
/// Makes providers ready to be called over HTTP. They share one HTTP client for the life of the process: it keeps connections apart by host, and
/// each key is sent to its own provider's address only.
/// </summary>
/// <param name="tokens">Needed by a provider that is called as the app's identity.</param>
internal sealed class HttpProviders(IConfiguration configuration, TimeProvider time, ILogger<ProviderCall> logger, IAppTokens? tokens = null) : IDisposable
{
    private const int LongestModelList = 8 * 1024 * 1024;

    private readonly HttpClient _http = ProviderHttp.CreateClient();

    /// <param name="operation">The path of the API's operation after the base URL, such as `/chat/completions`.</param>
    /// <param name="create">Creates the model that makes the calls.</param>
    /// <param name="adjust">Changes the endpoint as the API wants it.</param>
    public ProviderConnection Connect(
        ProviderSettings settings, string operation, Func<ProviderCall, IModel> create, Func<ProviderEndpoint, ProviderEndpoint>? adjust = null)
    {
        var endpoint = EndpointOf(settings, operation) with { CallKey = KeyOf(settings) };
        var call = new ProviderCall(_http, adjust?.Invoke(endpoint) ?? endpoint, time, logger);
        return new ProviderConnection(create(call)) { Address = call.Endpoint.Url, ListModels = token => ListModelsAsync(call, token) };
    }

    public void Dispose() => _http.Dispose();

    internal static ProviderEndpoint EndpointOf(ProviderSettings settings, string operation)
    {
        var endpoint = ProviderEndpoint.For(settings.Models.Provider, settings.Url!.AbsoluteUri, settings.ApiKey, operation);
        return endpoint with
        {
            IdleTimeout = settings.IdleTimeout ?? endpoint.IdleTimeout,
            OverallTimeout = settings.Timeout ?? endpoint.OverallTimeout,
            MaxRetries = settings.MaxRetries ?? endpoint.MaxRetries,
            KeyHeader = settings.TokenScope is null ? endpoint.KeyHeader : ApiKeyHeader.Bearer,
            WhenRefused = settings.TokenScope is null
                ? null
                : $"Provider {settings.Models.Provider} refused the app's identity, which needs the role Cognitive Services OpenAI User there.",
        };
    }

    private static async Task<IReadOnlyList<ReportedModel>?> ListModelsAsync(ProviderCall call, CancellationToken cancellationToken) =>
        await call.TryGetAsync(call.Endpoint.ModelsUrl, LongestModelList, cancellationToken) is { } list ? ModelListJson.Read(list) : null;

    private ICredentialProvider KeyOf(ProviderSettings settings)
    {
        if (settings.TokenScope is not { } scope)
            return new ConfiguredApiKey(configuration, settings.ApiKeySetting);
        var name = settings.Models.Provider;
        return new ManagedIdentityToken(
            tokens ?? throw new InvalidOperationException($"Provider {name} needs {nameof(IAppTokens)}, which this host does not have."), scope, name);
    }
}
