using FuncChat.Web.Cors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Mcp;

/// <summary>The origins of pages that may use the server: its own, and those in `FuncChat__Cors__Origins`.</summary>
internal sealed class PageOrigins(IOptions<OriginOptions> options)
{
    private readonly string[] _others = options.Value.All;

    public bool Allows(HttpContext http, string origin) =>
        origin == $"{http.Request.Scheme}://{http.Request.Host}" || origin == ProtectedResource.OriginOf(http) || _others.Contains(origin, StringComparer.Ordinal);

    /// <summary>The origin of the page that sends the request, or the server's own; null if the page may not use the server.</summary>
    public string? Find(HttpContext http) => http.Request.Headers.Origin.ToString() switch
    {
        "" => ProtectedResource.OriginOf(http),
        var origin => Allows(http, origin) ? origin : null,
    };
}
