using System.Net;

namespace FuncChat.Engine.Models.Http;

/// <summary>HTTP as the model calls want it. One client is shared by all endpoints, for the life of the process.</summary>
internal static class ProviderHttp
{
    public static HttpClient CreateClient() => new(CreateHandler())
    {
        // The call's own deadline counts silence and total time; this one would cut long answers.
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
    };

    public static SocketsHttpHandler CreateHandler() => new()
    {
        // A redirect would carry the key and the conversation to an address that nobody has set.
        AllowAutoRedirect = false,
        UseCookies = false,
        // A compressing proxy holds text back until a block is full.
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        // What follows `[DONE]` is one empty HTTP chunk: reading it lets the connection be used again. An answer given up in the middle is
        // cut after this time instead of the default 2 s, as the provider goes on generating, and charging, until then.
        ResponseDrainTimeout = TimeSpan.FromMilliseconds(50),
        MaxResponseDrainSize = 16 * 1024,
    };
}
