using FuncChat.Engine.Models.Http;

namespace FuncChat.Engine.Models.Responses;

/// <summary>
/// A provider with OpenAI's Responses API. Nothing is stored there: encrypted reasoning comes with each answer and goes back with the history.
/// </summary>
internal sealed class ResponsesModel(ProviderCall call) : HttpModel(call)
{
    public override bool AcceptsFiles => true;

    protected override RequestBody Write(ModelRequest request, ModelLimits limits) => ResponsesRequestBody.Write(request, limits, Endpoint.Provider);

    protected override EventStreamReader NewReader(ProviderErrorMapper failures, ModelRequest request) => new ResponsesReader(failures);
}
