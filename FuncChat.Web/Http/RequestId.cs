using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Http;

internal static class RequestId
{
    /// <summary>The id by which the logs and traces of a request are found.</summary>
    public static string Of(HttpContext http) => Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
}
