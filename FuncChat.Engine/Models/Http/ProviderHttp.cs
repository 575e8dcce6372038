using System.Net;

namespace FuncChat.Engine.Models.Http;

/// <summary>HTTP for model calls. All endpoints share one client for the life of the process.</summary>
internal static class ProviderHttp
{
    public static HttpClient CreateClient() => new(CreateHandler())
    {
        // Each call limits silence and total time itself; this limit would cut long answers.
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
    };

    public static SocketsHttpHandler CreateHandler() => new()
    {
        // A redirect would carry the key and the conversation to an address that is not configured.
        AllowAutoRedirect = false,
        UseCookies = false,
        // A compressing proxy delays text until a block is full.
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        // An empty HTTP chunk follows `[DONE]`: once it is read, the connection can be reused. An answer that is abandoned in the middle is
        // cut after this time instead of the default 2 s, since the provider continues to generate, and charge, until then.
        ResponseDrainTimeout = TimeSpan.FromMilliseconds(50),
        MaxResponseDrainSize = 16 * 1024,
    };
}
