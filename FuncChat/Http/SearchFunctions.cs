using FuncChat.ToolRuns;
using FuncChat.Web.Plans;
using FuncChat.Web.Searches;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FuncChat.Http;

/// <summary>The triggers of `/api/search` and `/api/planning`.</summary>
public sealed class SearchFunctions(SearchApi search, PlanApi plans, DurableToolRunners runners)
{
    [Function("Search")]
    public Task<IResult> SearchAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "search")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        search.StartAsync(request.HttpContext, runners.For(client));

    [Function("Planning")]
    public Task<IResult> PlanAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "planning")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        plans.StartAsync(request.HttpContext, runners.For(client));
}
