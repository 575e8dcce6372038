using FuncChat.Engine.Models.OpenAi;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Models.Catalog;

/// <summary>
/// Makes providers ready to be called over the OpenAI-compatible wire. They share one HTTP client for the life of the process: it keeps
/// connections apart by host, and sends each key only to its own provider's address.
/// </summary>
internal sealed partial class OpenAiProviders(TimeProvider time, ILogger<OpenAiProviders> logger, ILogger<OpenAiModel> modelLogger) : IDisposable
{
    private readonly HttpClient _http = OpenAiHttp.CreateClient();

    public ModelProvider Connect(ProviderSettings provider)
    {
        if (provider.ModelsAreAssumed)
            LogModelsAssumed(logger, provider.Models.Provider, provider.Url.Authority, provider.ModelsSetting);
        var name = provider.Models.Provider;
        var endpoint = EndpointOf(provider);
        return new(provider.Models, new OpenAiModel(_http, endpoint, time, modelLogger), model => $"{model}, from {name}") { Address = endpoint.CompletionsUrl };
    }

    public void Dispose() => _http.Dispose();

    internal static OpenAiEndpoint EndpointOf(ProviderSettings provider)
    {
        var endpoint = OpenAiEndpoint.For(provider.Models.Provider, provider.Url.AbsoluteUri, provider.ApiKey);
        return endpoint with
        {
            IdleTimeout = provider.IdleTimeout ?? endpoint.IdleTimeout,
            OverallTimeout = provider.Timeout ?? endpoint.OverallTimeout,
            MaxRetries = provider.MaxRetries ?? endpoint.MaxRetries,
        };
    }

    [LoggerMessage(2011, LogLevel.Warning,
        "Provider {Provider} is at {Host} and {Setting} is not set: the well-known names are listed, which that server may not have.")]
    private static partial void LogModelsAssumed(ILogger logger, string provider, string host, string setting);
}
