using FuncChat.Engine.Models.Http;

namespace FuncChat.Engine.Models.Anthropic;

/// <summary>A provider with Anthropic's Messages API. Signed thoughts come with each answer and go back with the history.</summary>
internal sealed class AnthropicModel(ProviderCall call) : HttpModel(call)
{
    public override bool AcceptsFiles => true;

    protected override RequestBody Write(ModelRequest request, ModelLimits limits) => AnthropicRequestBody.Write(request, limits, Endpoint.Provider);

    protected override EventStreamReader NewReader(ProviderErrorMapper failures, ModelRequest request) => new AnthropicReader(failures);
}
