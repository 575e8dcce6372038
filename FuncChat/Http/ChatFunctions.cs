using FuncChat.Engine.ToolRuns;
using FuncChat.Web.Chat;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FuncChat.Http;

/// <summary>The triggers of `/api/chat`. The bearer token is checked by the handlers, so no function key is asked for.</summary>
public sealed class ChatFunctions(ChatApi chat, IToolRunner runner)
{
    [Function("StartChat")]
    public Task<IResult> StartAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "chat")] HttpRequest request) =>
        chat.StartAsync(request.HttpContext, runner);

    [Function("FollowChat")]
    public Task<IResult> FollowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "chat/{turnId}")] HttpRequest request, string turnId) =>
        chat.FollowAsync(request.HttpContext, turnId, runner);

    [Function("StopChat")]
    public Task<IResult> StopAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "chat/{turnId}")] HttpRequest request, string turnId) =>
        chat.StopAsync(request.HttpContext, turnId, runner);
}
