using FuncChat.Engine.Models.Http;

namespace FuncChat.Engine.Models.OpenAi;

/// <summary>A provider with OpenAI's chat completions.</summary>
internal sealed class OpenAiModel(ProviderCall call) : HttpModel(call)
{
    protected override RequestBody Write(ModelRequest request, ModelLimits limits) => OpenAiRequestBody.Write(
        request, ProviderProfile.For(Endpoint.Url.IdnHost, Endpoint.Provider, request.Model), limits, Endpoint.Provider);

    protected override EventStreamReader NewReader(ProviderErrorMapper failures, ModelRequest request) => new AnswerReader(failures);
}
