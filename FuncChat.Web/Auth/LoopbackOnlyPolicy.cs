using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Auth;

/// <summary>A server without sign-in, unless anonymous access is allowed, answers only the machine that it runs on.</summary>
/// <remarks>A plain TCP forward, or a proxy that adds none of these headers and sets this machine as the host, can't be seen (docs/decisions/0012-server-without-sign-in.md).</remarks>
public sealed class LoopbackOnlyPolicy
{
    // Headers in which proxies name the client, or the host that it asked for. Development proxies on this machine name this machine.
    private static readonly string[] ClientHeaders =
    [
        "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "X-Original-Forwarded-For", "X-Original-Host",
        "X-ProxyUser-Ip", "X-ARR-ClientIP", "X-Azure-ClientIP", "X-Azure-SocketIP", "X-Envoy-External-Address", "X-Appengine-User-Ip",
        "CF-Connecting-IP", "CF-Connecting-IPv6", "CF-Pseudo-IPv4", "True-Client-IP", "Fastly-Client-IP", "Fly-Client-IP", "Forwarded-For",
        "WL-Proxy-Client-IP", "Proxy-Client-IP", "DO-Connecting-IP", "Client-IP", "X-Remote-IP", "X-Remote-Addr", "X-Originating-IP", "X-Sucuri-ClientIP", "X-Nf-Client-Connection-Ip",
        "Incap-Client-IP", "X-Vercel-Forwarded-For", "X-Vercel-Proxied-For", "Ali-CDN-Real-IP", "Cdn-Src-Ip", "Cdn-Real-Ip", "X-Real-Host",
    ];

    // Headers that only proxies add.
    private static readonly HashSet<string> ProxyHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Forwarded", "Via", "X-Forwarded", "X-Url-Scheme", "X-Scheme", "X-Rewrite-URL", "X-NginX-Proxy", "Front-End-Https", "X-Cloud-Trace-Context", "X-Served-By", "X-Varnish",
        "X-Iinfo", "Rndr-Id", "Render-Proxy-TTL", "X-Vercel-Id", "X-Vercel-Deployment-Url", "X-Request-Start", "Surrogate-Capability", "X-Forward-For", "Z-Forwarded-For", "X-Client-Geo-Location",
        "X-MS-Proxy", "Disguised-Host", "WAS-Default-Hostname", "X-Site-Deployment-Id", "X-AppService-Proto", "EagleEye-TraceId", "EagleId", "Client-Cert", "Client-Cert-Chain",
    };

    // How the names of such headers begin.
    private static readonly string[] ProxyPrefixes =
    [
        "X-Forwarded-", "X-Original-", "X-ARR-", "X-Azure-", "X-Amzn-", "X-Amz-Cf-", "X-Envoy-", "X-Appengine-", "X-Goog-IAP-", "X-Goog-Authenticated-", "CF-", "CDN-", "Fastly-", "Fly-", "Incap-", "Tailscale-", "X-Vercel-Forwarded-", "X-Vercel-Proxied-", "X-Vercel-IP-",
        "X-Akamai-", "Akamai-", "X-Sucuri-", "X-Nf-", "Ali-CDN-", "X-Railway-", "X-Auth-Request-", "X-MS-CLIENT-PRINCIPAL", "X-MS-TOKEN-", "X-AppGW-", "X-FD-", "X-WAWS-", "X-K8SE-", "MS-ASPNETCORE-",
        "CloudFront-", "EO-", "X-Replit-", "X-Haproxy-", "X-Kong-", "X-Consumer-", "L5D-", "WL-Proxy-", "X-BlueCoat-", "X-Pomerium-", "Teleport-", "X-Authentik-", "X-Remote-", "Remote-", "X-WebAuth-", "X-SSL-Client-",
        "SSL-Client-",
    ];

    private readonly IOptions<AuthSettings> _settings;

    internal LoopbackOnlyPolicy(IOptions<AuthSettings> settings) => _settings = settings;

    /// <summary>Whether only this machine is answered.</summary>
    public bool IsInEffect => _settings.Value.LoopbackOnly;

    /// <summary>Checks an address before the server listens on it.</summary>
    /// <exception cref="OptionsValidationException">Other machines could reach the server there, and no setting says who may use it.</exception>
    public void Check(IPEndPoint? address)
    {
        if (!_settings.Value.LoopbackOnly || address is null || IPAddress.IsLoopback(address.Address))
            return;
        throw new OptionsValidationException(nameof(AuthSettings), typeof(AuthSettings),
        [
            $"FuncChat__Auth__AllowAnonymous is not true, and no sign-in and no API key is configured, so the server does not listen on {address}, where other "
            + "machines could reach it. Listen on 127.0.0.1; or configure who may use it (GOOGLE_CLIENT_ID with ALLOWED_EMAILS, see docs/configuration.md); or "
            + "let everyone in with FuncChat__Auth__AllowAnonymous=true.",
        ]);
    }

    /// <summary>
    /// Checks whether the request comes directly from this machine, under a name of this machine, since a foreign page can have its own name point here. A request
    /// that a proxy on this machine forwards is refused by the headers that proxies add, and by HTTP/1.0, which they use by default.
    /// </summary>
    /// <param name="origins">Other origins whose pages may call the API.</param>
    /// <returns>What the request is refused for; null if it is answered.</returns>
    internal static string? ReasonToRefuse(HttpContext http, IReadOnlyCollection<string> origins)
    {
        if (http.Connection.RemoteIpAddress is not { } address || !IPAddress.IsLoopback(address))
            return "its address";
        if (HttpProtocol.IsHttp10(http.Request.Protocol))
            return "HTTP/1.0";
        return HeaderToRefuse(http.Request, origins) is { } header ? $"the header {header}" : null;
    }

    private static string? HeaderToRefuse(HttpRequest request, IReadOnlyCollection<string> origins)
    {
        var headers = request.Headers;
        if (!IsThisMachine(request.Host.Host))
            return "Host";
        if (Array.Find(ClientHeaders, name => !headers[name].SelectMany(Addresses).All(IsThisMachine)) is { } client)
            return client;
        if (headers.Keys.FirstOrDefault(IsOfProxy) is { } proxy)
            return proxy;
        if (headers["X-Forwarded-Proto"].Any(scheme => scheme != Uri.UriSchemeHttp))
            return "X-Forwarded-Proto";
        if (!headers.Origin.All(origin => IsOriginOfThisMachine(origin) || origins.Contains(origin, StringComparer.Ordinal)))
            return "Origin";
        return IsEmbeddedByOtherSite(headers) ? "Sec-Fetch-Site" : null;
    }

    private static bool IsOfProxy(string name) =>
        ProxyHeaders.Contains(name)
        || (Array.Exists(ProxyPrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            && !ClientHeaders.Contains(name, StringComparer.OrdinalIgnoreCase) && !name.Equals("X-Forwarded-Proto", StringComparison.OrdinalIgnoreCase));

    // Browsers send no origin for what a page embeds, such as images and scripts. A link that the user follows is a navigation.
    private static bool IsEmbeddedByOtherSite(IHeaderDictionary headers) =>
        headers["Sec-Fetch-Site"] == "cross-site" && headers.Origin.Count == 0 && !(headers["Sec-Fetch-Mode"] == "navigate" && headers["Sec-Fetch-Dest"] == "document");

    private static IEnumerable<string> Addresses(string? list) => (list ?? "").Split(',', StringSplitOptions.TrimEntries);

    private static bool IsThisMachine(string host)
    {
        if (IPAddress.TryParse(host, out var bare))
            return IPAddress.IsLoopback(bare);
        var name = new HostString(host).Host;
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address));
    }

    private static bool IsOriginOfThisMachine(string? origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && IsThisMachine(uri.Authority);
}
