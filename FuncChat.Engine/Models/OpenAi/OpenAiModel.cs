using FuncChat.Engine.Models.Http;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Models.OpenAi;

/// <summary>A provider with OpenAI's chat completions.</summary>
/// <param name="http">From <see cref="ProviderHttp.CreateClient"/>; may be shared with other providers.</param>
internal sealed class OpenAiModel(HttpClient http, ProviderEndpoint endpoint, TimeProvider time, ILogger<OpenAiModel> logger)
    : HttpModel(new ProviderCall(http, endpoint, time, logger))
{
    protected override RequestBody Write(ModelRequest request, ModelLimits limits) => OpenAiRequestBody.Write(
        request, ProviderProfile.For(Endpoint.Url.IdnHost, Endpoint.Provider, request.Model), limits, Endpoint.Provider);

    protected override EventStreamReader NewReader(ProviderErrorMapper failures, ModelRequest request) => new AnswerReader(failures);
}
