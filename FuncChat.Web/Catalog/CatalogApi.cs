using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Usage;
using FuncChat.Tools;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Catalog;

/// <summary>`GET /api/models` and `GET /api/tools`: what this server offers.</summary>
internal sealed class CatalogApi(ModelCatalog models, PriceTable prices, ToolCatalog tools)
{
    public async Task<IResult> ModelsAsync(HttpContext http)
    {
        var listed = await models.ListAsync(http.RequestAborted);
        return TypedResults.Json(
            new ModelList(
                [.. listed.Select(model => model with { Price = prices.PriceOf(model.Id) })],
                [.. models.Providers.Select(provider => new ProviderDescription(provider.Provider, provider.TakesAny))]),
            WebJson.Relaxed.ModelList);
    }

    public async Task<IResult> ToolsAsync(HttpContext http)
    {
        var listed = await tools.ListAsync(Caller.ToolUserOf(http), http.RequestAborted);
        return TypedResults.Json(
            new ToolList([.. listed.Select(tool => new ToolDescription(
                tool.Name, tool.Description, tool.Function.JsonSchema, tool.Policy.LongRunning, tool.Reference.Source, tool.Policy.ReadOnly, tool.Policy.Destructive))]),
            WebJson.Relaxed.ToolList);
    }
}

internal sealed record ModelList(IReadOnlyList<ModelInfo> Models, IReadOnlyList<ProviderDescription> Providers);

/// <param name="AcceptsAnyModel">Whether `provider:name` may have a name that is not listed.</param>
internal sealed record ProviderDescription(string Name, bool AcceptsAnyModel);

internal sealed record ToolList(IReadOnlyList<ToolDescription> Tools);

/// <param name="LongRunning">Whether a call can take minutes.</param>
/// <param name="Source">The MCP server or API that the tool belongs to; null for a built-in tool.</param>
/// <param name="ReadOnly">Whether the tool only reads. By default, calls of other tools need an approval.</param>
/// <param name="Destructive">Whether the tool may delete or overwrite something.</param>
internal sealed record ToolDescription(
    string Name, string Description, [property: RawJson("JsonSchema")] JsonElement Parameters, bool LongRunning, string? Source, bool ReadOnly, bool Destructive);
