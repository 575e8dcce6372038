using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Http;

/// <summary>
/// Headers that every answer of the API has: it is data, for whoever asked, and nothing for a browser to run, frame or guess the type of.
/// Strict-Transport-Security is the cloud's to send, where there is TLS.
/// </summary>
internal static class SecurityHeaders
{
    public static void SetOn(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        // Other origins that may read answers ask by CORS, which this does not touch.
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }
}
