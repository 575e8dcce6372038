using FuncChat.Web.Auth;
using FuncChat.Web.Plans;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FuncChat.Http;

/// <summary>The trigger of `/api/planning`.</summary>
public sealed class PlanFunctions(ApiAuthorizationFilter authorization, PlanApi plans)
{
    [Function("Planning")]
    public Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "planning")] HttpRequest request) =>
        authorization.RunAsync(request.HttpContext, () => plans.StartAsync(request.HttpContext));
}
