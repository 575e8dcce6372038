using FuncChat.Web.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FuncChat.Http;

/// <summary>
/// The trigger for requests of any method that no other trigger matches, which the Functions host would answer with an empty 404. The platform answers the
/// preflights of the origins in its CORS settings itself.
/// </summary>
public sealed class UnknownRouteFunction
{
    /// <summary>The host takes the first route that matches, in the order of the functions' names: this one must be the last.</summary>
    internal const string Name = "UnknownRoute";

    /// <summary>Everything below `/api`.</summary>
    internal const string Route = "{*path}";

    [Function(Name)]
    public static Task<IResult> AnswerAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = Route)] HttpRequest request) =>
        ApiRoutes.AnswerUnknownAsync(request.HttpContext);
}
