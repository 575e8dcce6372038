using FuncChat.Engine.Models.Http;

namespace FuncChat.Engine.Models.OpenAi;

/// <summary>A provider with OpenAI's chat completions.</summary>
internal sealed class OpenAiModel(ProviderCall call) : HttpModel(call)
{
    private readonly ProviderProfile? _profile = ProviderProfile.OfProvider(call.Endpoint.Url.IdnHost, call.Endpoint.Provider);

    // Other providers of chat completions accept PDFs for few models, and report it for those.
    public override bool AcceptsFiles => Endpoint.Url.IdnHost == "api.openai.com";

    protected override RequestBody Write(ModelRequest request, ModelLimits limits) => OpenAiRequestBody.Write(
        request, ProfileOf(request.Model), limits, Endpoint.Provider);

    protected override EventStreamReader NewReader(ProviderErrorMapper failures, ModelRequest request) => new AnswerReader(failures);

    protected override bool OmitsOpeningThinkTag(string model) => ProfileOf(model).OmitsOpeningThinkTag;

    private ProviderProfile ProfileOf(string model) => _profile ?? ProviderProfile.OfModel(model);
}
