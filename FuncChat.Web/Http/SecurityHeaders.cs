using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Http;

/// <summary>
/// Headers of every response of the API: it is data for the client, and nothing for a browser to run, frame or guess the type of.
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
        // Other origins that may read responses use CORS, which this does not affect.
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";

        // TLS ends before the server, in Azure and in any proxy. Browsers ignore the header on plain HTTP, so a made-up protocol changes nothing.
        if (http.Request.Headers[ForwardedProtocol] == Uri.UriSchemeHttps)
            headers.StrictTransportSecurity = "max-age=31536000";
    }
}
