using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FuncChat.Web.Http;

/// <summary>
/// The bodies that a response does not wait for. A connection that is closed while its client sends is reset, and many clients then report the reset instead of
/// the response (RFC 9112, 9.6). So the server reads on: Kestrel up to its limit, and this class where the request states a longer body, which Kestrel would not
/// read at all. The Functions worker has no limit.
/// </summary>
internal sealed class RefusedBody(TimeProvider time)
{
    /// <summary>How much more than the largest body is read before the connection is closed.</summary>
    public const long MostBytes = 16 * 1024 * 1024;

    // As long as Kestrel does it.
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(5);

    /// <summary>Announces in the response that the connection is closed, if the body is too long to be read.</summary>
    public static void Announce(HttpContext http)
    {
        if (!IsTooLong(http))
            return;
        http.Response.OnStarting(() =>
        {
            // An upload raises the limit before it reads.
            if (IsTooLong(http))
                http.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        });
    }

    /// <summary>Completes the response, reads a part of a body that is too long, and closes the connection.</summary>
    public async Task ReadOnAsync(HttpContext http)
    {
        // A client that waits for `100 Continue` has sent nothing.
        if (!IsTooLong(http) || http.Request.Headers.Expect.Count > 0 || http.Features.Get<IHttpMaxRequestBodySizeFeature>() is not { } limit)
            return;
        using var timeout = new CancellationTokenSource(MostTime, time);
        try
        {
            await http.Response.CompleteAsync();
            limit.MaxRequestBodySize = null;
            var body = http.Request.BodyReader;
            for (long count = 0; count < MostBytes;)
            {
                var read = await body.ReadAsync(timeout.Token);
                count += read.Buffer.Length;
                body.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    return;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client has left, perhaps before the response could be written, or is slow.
        }

        http.Abort();
    }

    private static bool IsTooLong(HttpContext http) =>
        http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false, MaxRequestBodySize: { } most } && http.Request.ContentLength > most
        && !HttpProtocol.IsHttp2(http.Request.Protocol);
}
