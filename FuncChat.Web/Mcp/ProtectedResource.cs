using System.Text.Json.Serialization;
using FuncChat.Web.Auth;
using FuncChat.Web.Http;
using FuncChat.Web.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Mcp;

/// <summary>
/// Describes where MCP clients get a token (RFC 9728). The document is below `/api`, the only path that the Functions host serves; a 401 response has its address.
/// </summary>
internal static class ProtectedResource
{
    public static IResult Describe(HttpContext http)
    {
        var origin = OriginOf(http);
        if (!Uri.TryCreate(origin, UriKind.Absolute, out _))
            return new ProblemResult(RequestEdge.BadHost);
        var settings = http.RequestServices.GetRequiredService<IOptions<AuthSettings>>().Value;
        var document = new ProtectedResourceDocument(
            $"{origin}/api/{ApiPaths.Mcp}",
            [.. settings.Providers.Select(provider => provider.Authority.AbsoluteUri.TrimEnd('/'))],
            ["header"],
            ["openid", "email"]);
        return TypedResults.Json(document, WebJson.Relaxed.ProtectedResourceDocument);
    }

    /// <summary>The parameter of `WWW-Authenticate` with the document's address; empty for other routes.</summary>
    public static string ParameterFor(HttpContext http) => http.Request.Path.Value?.TrimEnd('/').Equals($"/api/{ApiPaths.Mcp}", StringComparison.OrdinalIgnoreCase) == true
        ? $", resource_metadata=\"{OriginOf(http)}/api/{ApiPaths.McpResource}\""
        : "";

    /// <summary>The server's own origin. In the Functions host, the request has the address of the host's proxy; `func start` serves plain HTTP on this machine.</summary>
    public static string OriginOf(HttpContext http) =>
        http.RequestServices.GetRequiredService<IOptions<HttpApiOptions>>().Value.PublicUrl is { Length: > 0 } address ? Ascii(new Uri(address))
        : http.RequestServices.GetRequiredService<IConfiguration>()["WEBSITE_HOSTNAME"] is { Length: > 0 } site
            ? $"{(new Uri($"http://{site}").IsLoopback ? "http" : "https")}://{site}"
            : $"{http.Request.Scheme}://{http.Request.Host}";

    // Of an IPv6 address, IdnHost has no brackets.
    private static string Ascii(Uri address) =>
        $"{address.Scheme}://{(address.HostNameType is UriHostNameType.IPv6 ? address.Host : address.IdnHost)}{(address.IsDefaultPort ? "" : $":{address.Port}")}{address.AbsolutePath.TrimEnd('/')}";
}

internal sealed record ProtectedResourceDocument(
    string Resource, [property: JsonPropertyName("authorization_servers")] IReadOnlyList<string> AuthorizationServers,
    [property: JsonPropertyName("bearer_methods_supported")] IReadOnlyList<string> BearerMethodsSupported,
    [property: JsonPropertyName("scopes_supported")] IReadOnlyList<string> ScopesSupported);
