using FuncChat.ToolRuns;
using FuncChat.Web.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FuncChat.Http;

/// <summary>
/// The triggers that start, follow and stop turns. They need no function key, since <see cref="ApiRoute"/> authorizes the request. Those of a turn that
/// can be a chat bind the Durable client that its tools run with.
/// </summary>
public sealed class TurnFunctions(RequestDurableClient durable)
{
    [Function(nameof(ApiRoutes.StartChat))]
    public Task<IResult> StartChatAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.Chat)] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        ApiRoutes.StartChat.RunAsync(durable.Bind(request, client));

    [Function(nameof(ApiRoutes.Proxy))]
    public Task<IResult> CompleteAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.Proxy)] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        ApiRoutes.Proxy.RunAsync(durable.Bind(request, client));

    [Function(nameof(ApiRoutes.OpenAiChatCompletions))]
    public Task<IResult> CompleteForOpenAiAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.OpenAiChatCompletions)] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        ApiRoutes.OpenAiChatCompletions.RunAsync(durable.Bind(request, client));

    [Function(nameof(ApiRoutes.CreateResponse))]
    public Task<IResult> CreateResponseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.Responses)] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        ApiRoutes.CreateResponse.RunAsync(durable.Bind(request, client));

    [Function(nameof(ApiRoutes.ReadResponse))]
    public Task<IResult> ReadResponseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.Response)] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        ApiRoutes.ReadResponse.RunAsync(durable.Bind(request, client));

    [Function(nameof(ApiRoutes.DeleteResponse))]
    public Task<IResult> DeleteResponseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = ApiPaths.Response)] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        ApiRoutes.DeleteResponse.RunAsync(durable.Bind(request, client));

    [Function(nameof(ApiRoutes.CancelResponse))]
    public Task<IResult> CancelResponseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.ResponseCancel)] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        ApiRoutes.CancelResponse.RunAsync(durable.Bind(request, client));

    [Function(nameof(ApiRoutes.ReadResponseInput))]
    public static Task<IResult> ReadResponseInputAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.ResponseInputItems)] HttpRequest request) =>
        ApiRoutes.ReadResponseInput.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.Search))]
    public static Task<IResult> StartSearchAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.Search)] HttpRequest request) =>
        ApiRoutes.Search.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.Planning))]
    public static Task<IResult> StartPlanAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.Planning)] HttpRequest request) =>
        ApiRoutes.Planning.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.FollowTurn))]
    public Task<IResult> FollowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.Turn)] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        ApiRoutes.FollowTurn.RunAsync(durable.Bind(request, client));

    [Function(nameof(ApiRoutes.StopTurn))]
    public Task<IResult> StopAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = ApiPaths.Turn)] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        ApiRoutes.StopTurn.RunAsync(durable.Bind(request, client));

    [Function(nameof(ApiRoutes.SignalTurn))]
    public Task<IResult> SignalAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.TurnSignals)] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        ApiRoutes.SignalTurn.RunAsync(durable.Bind(request, client));

    [Function(nameof(ApiRoutes.FollowChat))]
    public Task<IResult> FollowChatAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.ChatTurn)] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        ApiRoutes.FollowChat.RunAsync(durable.Bind(request, client));

    [Function(nameof(ApiRoutes.StopChat))]
    public Task<IResult> StopChatAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = ApiPaths.ChatTurn)] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        ApiRoutes.StopChat.RunAsync(durable.Bind(request, client));
}
