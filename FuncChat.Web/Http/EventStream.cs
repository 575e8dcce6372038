using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Http;

internal static class EventStream
{
    /// <summary>The head of an answer that streams. Proxies are not to hold back, change or keep what passes.</summary>
    public static void SetHeaders(HttpResponse response, string turnId)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
        response.Headers["X-Turn-Id"] = turnId;
        response.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpResponseBodyFeature>()?.DisableBuffering();
    }
}
