using FuncChat.ToolRuns;
using FuncChat.Web.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FuncChat.Http;

/// <summary>
/// The triggers of threads. They need no function key, since <see cref="ApiRoute"/> authorizes the request. Those that may stop a turn bind the Durable client
/// that its tools run with.
/// </summary>
public sealed class ThreadFunctions(RequestDurableClient durable)
{
    [Function(nameof(ApiRoutes.ListThreads))]
    public static Task<IResult> ListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.Threads)] HttpRequest request) =>
        ApiRoutes.ListThreads.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.CreateThread))]
    public static Task<IResult> CreateAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.Threads)] HttpRequest request) =>
        ApiRoutes.CreateThread.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.ReadThread))]
    public static Task<IResult> ReadAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.Thread)] HttpRequest request) =>
        ApiRoutes.ReadThread.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.ChangeThread))]
    public static Task<IResult> ChangeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = ApiPaths.Thread)] HttpRequest request) =>
        ApiRoutes.ChangeThread.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.DeleteThread))]
    public Task<IResult> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = ApiPaths.Thread)] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        ApiRoutes.DeleteThread.RunAsync(durable.Bind(request, client));

    [Function(nameof(ApiRoutes.ExportThread))]
    public static Task<IResult> ExportAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.ThreadExport)] HttpRequest request) =>
        ApiRoutes.ExportThread.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.ListThreadTurns))]
    public static Task<IResult> ListTurnsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.ThreadTurns)] HttpRequest request) =>
        ApiRoutes.ListThreadTurns.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.AddThreadTurn))]
    public static Task<IResult> AddTurnAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = ApiPaths.ThreadTurn)] HttpRequest request) =>
        ApiRoutes.AddThreadTurn.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.DeleteThreadTurn))]
    public Task<IResult> DeleteTurnAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = ApiPaths.ThreadTurn)] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        ApiRoutes.DeleteThreadTurn.RunAsync(durable.Bind(request, client));

    [Function(nameof(ApiRoutes.ShareThread))]
    public static Task<IResult> ShareAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.ThreadShare)] HttpRequest request) =>
        ApiRoutes.ShareThread.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.StopSharingThread))]
    public static Task<IResult> StopSharingAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = ApiPaths.ThreadShare)] HttpRequest request) =>
        ApiRoutes.StopSharingThread.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.ReadShared))]
    public static Task<IResult> ReadSharedAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.Shared)] HttpRequest request) =>
        ApiRoutes.ReadShared.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.ReadSharedFile))]
    public static Task<IResult> ReadSharedFileAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.SharedFile)] HttpRequest request) =>
        ApiRoutes.ReadSharedFile.RunAsync(request.HttpContext);
}
