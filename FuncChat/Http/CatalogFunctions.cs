using FuncChat.Web.Catalog;
using FuncChat.Web.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FuncChat.Http;

/// <summary>The triggers that describe this server, its health and the caller's usage.</summary>
public sealed class CatalogFunctions
{
    [Function(nameof(ApiRoutes.Models))]
    public static Task<IResult> ModelsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.Models)] HttpRequest request) =>
        ApiRoutes.Models.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.OpenAiModels))]
    public static Task<IResult> OpenAiModelsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.OpenAiModels)] HttpRequest request) =>
        ApiRoutes.OpenAiModels.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.OpenAiModel))]
    public static Task<IResult> OpenAiModelAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.OpenAiModel)] HttpRequest request) =>
        ApiRoutes.OpenAiModel.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.Tools))]
    public static Task<IResult> ToolsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.Tools)] HttpRequest request) =>
        ApiRoutes.Tools.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.ReadUsage))]
    public static Task<IResult> UsageAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.Usage)] HttpRequest request) =>
        ApiRoutes.ReadUsage.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.ListApprovals))]
    public static Task<IResult> ListApprovalsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.Approvals)] HttpRequest request) =>
        ApiRoutes.ListApprovals.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.ReadAllUsage))]
    public static Task<IResult> AllUsageAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.UsageOfAll)] HttpRequest request) =>
        ApiRoutes.ReadAllUsage.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.Config))]
    public static Task<IResult> ConfigAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.Config)] HttpRequest request) =>
        ApiRoutes.Config.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.OpenApi))]
    public static Task<IResult> OpenApiAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.OpenApi)] HttpRequest request) =>
        ApiRoutes.OpenApi.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.Health))]
    public static Task<IResult> HealthAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.Health)] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        ApiRoutes.Health.RunAsync(WithProbe(request.HttpContext, client));

    // Asking for a run that never existed reads the store and nothing else.
    private static HttpContext WithProbe(HttpContext http, DurableTaskClient client)
    {
        http.Features.Set(new RequestProbe("durable", token => client.GetInstanceAsync("health", token)));
        return http;
    }
}
