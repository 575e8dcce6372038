using FuncChat.ToolRuns;
using FuncChat.Web.Auth;
using FuncChat.Web.Proxy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FuncChat.Http;

/// <summary>The trigger of `/api/proxy`.</summary>
public sealed class ProxyFunctions(ApiAuthorizationFilter authorization, ProxyApi proxy, RequestDurableClient durable)
{
    [Function("Proxy")]
    public Task<IResult> CompleteAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "proxy")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        authorization.RunAsync(request.HttpContext, durable.BindTo(client, () => proxy.CompleteAsync(request.HttpContext)));
}
