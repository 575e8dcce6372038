using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Models.Http;

namespace FuncChat.Engine.Models.Responses;

/// <summary>Type `responses`: the Responses API of OpenAI and Azure OpenAI.</summary>
internal sealed class ResponsesProviderType(HttpProviders http) : IModelProviderType
{
    public ProviderTypeInfo Info => ProviderTypeInfo.Responses;

    public ProviderConnection Connect(ProviderSettings settings) => http.Connect(settings, "/responses", call => new ResponsesModel(call)) with
    {
        Capabilities = new ModelCapabilities { Audio = false },
    };
}
