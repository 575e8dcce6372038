using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FuncChat.Web.Formats;

internal static class EventStream
{
    /// <summary>A comment, which keeps connections without data open.</summary>
    public static ReadOnlySpan<byte> KeepAlive => ": keep-alive\n\n"u8;

    // Flushing each event of a fast stream costs a third more, and shows nothing sooner (see performance.md).
    public const int FlushThreshold = 32 * 1024;

    /// <summary>Sets the head of a response that streams. The headers keep proxies from buffering, changing or caching it.</summary>
    public static void SetHeaders(HttpResponse response, string turnId)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
        response.Headers["X-Turn-Id"] = turnId;
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }
}
