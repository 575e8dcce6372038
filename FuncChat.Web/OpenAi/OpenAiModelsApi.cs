using FuncChat.Engine.Models.Catalog;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.OpenAi;

/// <summary>`GET /api/v1/models` and `GET /api/v1/models/{id}`: the models in OpenAI's shape.</summary>
internal sealed class OpenAiModelsApi(ModelCatalog models)
{
    private const string Path = $"{OpenAiPath.Prefix}/models/";

    public async Task<IResult> ListAsync(HttpContext http) => TypedResults.Json(
        new OpenAiModelList("list", [.. (await models.ListAsync(http.RequestAborted)).Select(OpenAiModel.Of)]), WebJson.Relaxed.OpenAiModelList);

    public async Task<IResult> GetAsync(HttpContext http)
    {
        // Not by the route's value: hosts differ in what they decode, and an id may contain '/', raw or encoded.
        var path = http.Request.Path.Value!;
        var id = path.Length > Path.Length ? Uri.UnescapeDataString(path[Path.Length..].TrimEnd('/')) : "";
        if (id.Length == 0)
            return await ListAsync(http);
        var listed = (await models.ListAsync(http.RequestAborted)).FirstOrDefault(model => model.Id == id);
        if (listed is not null)
            return TypedResults.Json(OpenAiModel.Of(listed), WebJson.Relaxed.OpenAiModel);
        return models.TryResolve(id, out var model, out var unknown)
            ? TypedResults.Json(OpenAiModel.Of(id, model.Provider, model.Capabilities), WebJson.Relaxed.OpenAiModel)
            : new ProblemResult(unknown);
    }
}

internal sealed record OpenAiModelList(string Object, IReadOnlyList<OpenAiModel> Data);

/// <summary>OpenAI's `model`, with what model pickers read from OpenRouter's.</summary>
/// <param name="Created">Always 0: providers do not report it alike.</param>
internal sealed record OpenAiModel(
    string Id, string Object, long Created, string OwnedBy, ModelArchitecture Architecture, IReadOnlyList<ModelOffer> Providers)
{
    public static OpenAiModel Of(ModelInfo model) => Of(model.Id, model.Provider, model.Capabilities ?? ModelCapabilities.Unknown);

    public static OpenAiModel Of(string id, string provider, ModelCapabilities capabilities) => new(
        id, "model", 0, provider,
        new ModelArchitecture([.. InputsOf(capabilities)], ["text"]),
        [new ModelOffer(provider, capabilities.Tools is not false)]);

    private static IEnumerable<string> InputsOf(ModelCapabilities capabilities)
    {
        yield return "text";
        if (capabilities.Images is true)
            yield return "image";
        if (capabilities.Audio is true)
            yield return "audio";
        if (capabilities.Files is true)
            yield return "file";
    }
}

internal sealed record ModelArchitecture(IReadOnlyList<string> InputModalities, IReadOnlyList<string> OutputModalities);

internal sealed record ModelOffer(string Provider, bool SupportsTools);
