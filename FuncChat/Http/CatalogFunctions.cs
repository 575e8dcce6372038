using FuncChat.Web.Catalog;
using FuncChat.Web.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FuncChat.Http;

/// <summary>The triggers that tell what this server offers, and how it is.</summary>
public sealed class CatalogFunctions(CatalogApi catalog, HealthApi health)
{
    [Function("Models")]
    public IResult Models([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "models")] HttpRequest request) => catalog.Models();

    [Function("Tools")]
    public IResult Tools([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tools")] HttpRequest request) => catalog.Tools();

    [Function("OpenApi")]
    public IResult OpenApi([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "openapi.json")] HttpRequest request) =>
        OpenApiDocument.Result;

    [Function("Health")]
    public Task<IResult> HealthAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request) =>
        health.CheckAsync(request.HttpContext.RequestAborted);
}
