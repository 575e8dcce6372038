using FuncChat.ToolRuns;
using FuncChat.Web.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FuncChat.Http;

/// <summary>The triggers of the chats of the AI SDK and of the runs of AG-UI.</summary>
public sealed class UiChatFunctions(RequestDurableClient durable)
{
    [Function(nameof(ApiRoutes.RunAgUi))]
    public Task<IResult> RunAgUiAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.AgUi)] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        ApiRoutes.RunAgUi.RunAsync(durable.Bind(request, client));

    [Function(nameof(ApiRoutes.StartUiChat))]
    public Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.UiChat)] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        ApiRoutes.StartUiChat.RunAsync(durable.Bind(request, client));

    [Function(nameof(ApiRoutes.ResumeUiChat))]
    public Task<IResult> ResumeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.UiChatStream)] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        ApiRoutes.ResumeUiChat.RunAsync(durable.Bind(request, client));

    [Function(nameof(ApiRoutes.StopUiChat))]
    public Task<IResult> StopAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.UiChatStop)] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        ApiRoutes.StopUiChat.RunAsync(durable.Bind(request, client));
}
