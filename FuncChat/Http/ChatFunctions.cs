using FuncChat.ToolRuns;
using FuncChat.Web.Auth;
using FuncChat.Web.Chat;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FuncChat.Http;

/// <summary>The triggers of `/api/chat`. Who calls is found out by the gate, so no function key is asked for.</summary>
public sealed class ChatFunctions(ApiAuthorizationFilter authorization, ChatApi chat, RequestDurableClient durable)
{
    [Function("StartChat")]
    public Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "chat")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        authorization.RunAsync(request.HttpContext, durable.BindTo(client, () => chat.StartAsync(request.HttpContext)));

    [Function("FollowChat")]
    public Task<IResult> FollowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "chat/{turnId}")] HttpRequest request, string turnId,
        [DurableClient] DurableTaskClient client) =>
        authorization.RunAsync(request.HttpContext, durable.BindTo(client, () => chat.FollowAsync(request.HttpContext, turnId)));

    [Function("StopChat")]
    public Task<IResult> StopAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "chat/{turnId}")] HttpRequest request, string turnId,
        [DurableClient] DurableTaskClient client) =>
        authorization.RunAsync(request.HttpContext, durable.BindTo(client, () => chat.StopAsync(request.HttpContext, turnId)));
}
