using FuncChat.ToolRuns;
using FuncChat.Web.Auth;
using FuncChat.Web.Searches;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FuncChat.Http;

/// <summary>The trigger of `/api/search`.</summary>
public sealed class SearchFunctions(ApiAuthorizationFilter authorization, SearchApi search, DurableToolRunners runners)
{
    [Function("Search")]
    public Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "search")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        authorization.RunAsync(request.HttpContext, () => search.StartAsync(request.HttpContext, runners.For(client)));
}
