using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Models.Http;

namespace FuncChat.Engine.Models.Anthropic;

/// <summary>Type `anthropic`: Anthropic's Messages API.</summary>
internal sealed class AnthropicProviderType(HttpProviders http) : IModelProviderType
{
    public ProviderTypeInfo Info => ProviderTypeInfo.Anthropic;

    public ProviderConnection Connect(ProviderSettings settings) =>
        http.Connect(settings, "/messages", call => new AnthropicModel(call), Adjust) with { Capabilities = new ModelCapabilities { Audio = false } };

    internal static ProviderEndpoint Adjust(ProviderEndpoint endpoint) => endpoint with
    {
        KeyHeader = endpoint.KeyHeader is ApiKeyHeader.Bearer && endpoint.WhenRefused is not null ? ApiKeyHeader.Bearer : ApiKeyHeader.XApiKey,
        Headers = new Dictionary<string, string> { ["anthropic-version"] = "2023-06-01" },
    };
}
