using FuncChat.Engine.Models.Http;
using FuncChat.Engine.Models.OpenAi;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Models.Catalog;

/// <summary>
/// Makes providers ready to be called over the OpenAI-compatible wire. They share one HTTP client for the life of the process: it keeps
/// connections apart by host, and sends each key only to its own provider's address.
/// </summary>
/// <param name="tokens">Needed by a provider that is called as the app's identity.</param>
internal sealed partial class OpenAiProviders(
    IConfiguration configuration, TimeProvider time, ILogger<OpenAiProviders> logger, ILogger<OpenAiModel> modelLogger, IAppTokens? tokens = null)
    : IDisposable
{
    private readonly HttpClient _http = ProviderHttp.CreateClient();

    public ModelProvider Connect(ProviderSettings provider)
    {
        if (provider.ModelsAreAssumed)
            LogModelsAssumed(logger, provider.Models.Provider, provider.Url.Authority, provider.ModelsSetting);
        var name = provider.Models.Provider;
        var endpoint = EndpointOf(provider) with { CallKey = KeyOf(provider) };
        return new(provider.Models, new OpenAiModel(_http, endpoint, time, modelLogger), model => $"{model}, from {name}") { Address = endpoint.Url };
    }

    public void Dispose() => _http.Dispose();

    internal static ProviderEndpoint EndpointOf(ProviderSettings provider)
    {
        var endpoint = ProviderEndpoint.For(provider.Models.Provider, provider.Url.AbsoluteUri, provider.ApiKey);
        return endpoint with
        {
            IdleTimeout = provider.IdleTimeout ?? endpoint.IdleTimeout,
            OverallTimeout = provider.Timeout ?? endpoint.OverallTimeout,
            MaxRetries = provider.MaxRetries ?? endpoint.MaxRetries,
            KeyHeader = provider.TokenScope is null ? endpoint.KeyHeader : ApiKeyHeader.Bearer,
            WhenRefused = provider.TokenScope is null
                ? null
                : $"Provider {provider.Models.Provider} refused the app's identity, which needs the role Cognitive Services OpenAI User there.",
        };
    }

    private ICredentialProvider KeyOf(ProviderSettings provider)
    {
        if (provider.TokenScope is not { } scope)
            return new ConfiguredApiKey(configuration, provider.ApiKeySetting);
        var name = provider.Models.Provider;
        return new ManagedIdentityToken(
            tokens ?? throw new InvalidOperationException($"Provider {name} needs {nameof(IAppTokens)}, which this host does not have."), scope, name);
    }

    [LoggerMessage(2011, LogLevel.Warning,
        "Provider {Provider} is at {Host} and {Setting} is not set: the well-known names are listed, which that server may not have.")]
    private static partial void LogModelsAssumed(ILogger logger, string provider, string host, string setting);
}
