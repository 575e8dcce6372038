using FuncChat.Web;
using FuncChat.Web.Auth;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FuncChat.Http;

/// <summary>
/// The trigger for what no other one takes, which the Functions host would answer with nothing. OPTIONS is not in it: that is for the CORS of the platform.
/// </summary>
public sealed class UnknownRouteFunction(ApiAuthorizationFilter authorization)
{
    /// <summary>The host takes the first route that fits, in the order of the functions' names: this one is to be the last.</summary>
    internal const string Name = "UnknownRoute";

    /// <summary>Everything below `/api`.</summary>
    internal const string Route = "{*path}";

    [Function(Name)]
    public Task<IResult> AnswerAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", Route = Route)] HttpRequest request) =>
        authorization.RunAsync(request.HttpContext, () => Task.FromResult(UnknownRoute.Result));
}
