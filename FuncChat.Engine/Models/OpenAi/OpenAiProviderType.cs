using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Models.Http;

namespace FuncChat.Engine.Models.OpenAi;

/// <summary>Type `openai`: OpenAI's chat completions, which most providers have.</summary>
internal sealed class OpenAiProviderType(HttpProviders http) : IModelProviderType
{
    public ProviderTypeInfo Info => ProviderTypeInfo.OpenAi;

    public ProviderConnection Connect(ProviderSettings settings) => http.Connect(settings, "/chat/completions", call => new OpenAiModel(call));
}
