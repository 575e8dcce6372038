using FuncChat.Web.Auth;
using FuncChat.Web.Catalog;
using FuncChat.Web.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FuncChat.Http;

/// <summary>The triggers that tell what this server offers, and how it is. Health and configuration are for everybody.</summary>
public sealed class CatalogFunctions(ApiAuthorizationFilter authorization, CatalogApi catalog, ConfigApi config, HealthApi health)
{
    [Function("Models")]
    public Task<IResult> ModelsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "models")] HttpRequest request) =>
        authorization.RunAsync(request.HttpContext, () => Task.FromResult(catalog.Models()));

    [Function("Tools")]
    public Task<IResult> ToolsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tools")] HttpRequest request) =>
        authorization.RunAsync(request.HttpContext, () => catalog.ToolsAsync(request.HttpContext));

    [Function("Config")]
    public IResult Config([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "config")] HttpRequest request) => config.Config();

    [Function("OpenApi")]
    public static IResult OpenApi([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "openapi.json")] HttpRequest request) => OpenApiDocument.Result;

    [Function("Health")]
    public Task<IResult> HealthAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        // Asking for a run that never was reads the store and no more.
        health.CheckAsync(request.HttpContext.RequestAborted, ("durable", token => client.GetInstanceAsync("health", token)));
}
