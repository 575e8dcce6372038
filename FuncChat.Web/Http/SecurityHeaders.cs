using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Http;

/// <summary>
/// Headers that every answer of the API has: it is data, for whoever asked, and nothing for a browser to run, frame or guess the type of.
/// </summary>
internal static class SecurityHeaders
{
    private const string ForwardedProtocol = "X-Forwarded-Proto";

    public static void SetOn(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        // Other origins that may read answers ask by CORS, which this does not touch.
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";

        // TLS ends in front of the server, in Azure and behind any proxy. Who makes this up without it is not believed by the browser either.
        if (http.Request.Headers[ForwardedProtocol] == Uri.UriSchemeHttps)
            headers.StrictTransportSecurity = "max-age=31536000";
    }
}
