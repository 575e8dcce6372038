using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FuncChat.Web.Http;

/// <summary>The ids in a request's path.</summary>
internal static class PathId
{
    /// <param name="name">The name of the id in the path of the route, such as `turnId`.</param>
    public static string Of(HttpContext http, string name) => http.GetRouteValue(name) as string ?? "";
}
