using FuncChat.Engine.Models.Http;

namespace FuncChat.Engine.Models.OpenAi;

/// <summary>A provider with OpenAI's chat completions.</summary>
internal sealed class OpenAiModel(ProviderCall call) : HttpModel(call)
{
    protected override RequestBody Write(ModelRequest request, ModelLimits limits) => OpenAiRequestBody.Write(
        request, ProfileOf(request.Model), limits, Endpoint.Provider);

    protected override EventStreamReader NewReader(ProviderErrorMapper failures, ModelRequest request) => new AnswerReader(failures);

    protected override bool OmitsOpeningThinkTag(string model) => ProfileOf(model).OmitsOpeningThinkTag;

    private ProviderProfile ProfileOf(string model) => ProviderProfile.For(Endpoint.Url.IdnHost, Endpoint.Provider, model);
}
