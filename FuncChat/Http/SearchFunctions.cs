using FuncChat.Web.Auth;
using FuncChat.Web.Searches;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FuncChat.Http;

/// <summary>The trigger of `/api/search`.</summary>
public sealed class SearchFunctions(ApiAuthorizationFilter authorization, SearchApi search)
{
    [Function("Search")]
    public Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "search")] HttpRequest request) =>
        authorization.RunAsync(request.HttpContext, () => search.StartAsync(request.HttpContext));
}
