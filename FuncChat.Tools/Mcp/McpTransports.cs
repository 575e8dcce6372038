using FuncChat.Tools.Configuration;
using FuncChat.Tools.Fetch;
using FuncChat.Tools.Identity;
using Microsoft.Extensions.Configuration;
using ModelContextProtocol.Client;

namespace FuncChat.Tools.Mcp;

/// <summary>Opens transports to one MCP server. HTTP connections are shared; credentials are not.</summary>
/// <param name="appTokens">Required for servers with <see cref="McpAuth.Entra"/>.</param>
internal sealed class McpTransports(
    McpServerSettings server, IConfiguration configuration, IAppTokens? appTokens, TimeProvider time) : IDisposable
{
    /// <summary>How long connecting and initializing may take.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    private readonly SocketsHttpHandler _sockets = new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // A call with the user's token may have two: its own, and that of the server's notifications.
        MaxConnectionsPerServer = 1024,
    };

    private ClientCredentials? _credentials;
    private volatile bool _challenged;
    private volatile string? _version;
    private volatile string? _appToken;
    private volatile string? _earlierToken; // of calls that still run

    /// <summary>The version of the server, if it is known to be an earlier one that the current one can't be asked for; null to ask.</summary>
    public string? Version => _version;

    /// <summary>The clock of the connections.</summary>
    public TimeProvider Time => time;

    /// <summary>Whether each user signs in to the server: by the settings or, if they have no credentials for it, by its own response.</summary>
    public bool SignsIn => server.Auth == McpAuth.SignIn || (_challenged && !server.HasCredentials);

    /// <param name="userToken">The calling user's token; null for other kinds of authentication.</param>
    public LimitedTransport Open(string? userToken)
    {
        var budget = server.Process is not null || server.LegacySse ? new ByteBudget() : null;
        return new LimitedTransport(server.Process is { } process ? new ProcessTransport(server.Name, process, budget) : Connect(userToken, budget), time, budget);
    }

    /// <summary>Returns a text of the server without the token that it was sent, which it may repeat.</summary>
    /// <inheritdoc cref="Open"/>
    public string Redact(string text, string? userToken)
    {
        string?[] tokens = userToken is null ? [_appToken, _earlierToken] : [userToken];
        return tokens.OfType<string>().Aggregate(text, static (rest, token) => KnownSecrets.Redact(token, rest));
    }

    /// <summary>Keeps the version of a process that ignores requests that it does not know: each start would wait for the answer again.</summary>
    public void NoteVersion(LimitedTransport transport, string? version)
    {
        if (server.Process is not null && transport.IgnoredProbe)
            _version = version;
    }

    /// <summary>Discards the version, since a connection failed: the program may be another one by now.</summary>
    public void DiscardVersion() => _version = null;

    public void Dispose()
    {
        _credentials?.Dispose();
        _sockets.Dispose();
    }

    private HttpClientTransport Connect(string? userToken, ByteBudget? budget)
    {
        // Only the calls' own timeouts end a stream. The sockets are shared, so disposing one client keeps them open.
        var handler = new McpHttpHandler(server, configuration, TokenFor(userToken), token => _credentials?.Discard(token), () => _challenged = true, budget, time, _sockets);
        var http = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        var options = new HttpClientTransportOptions
        {
            Endpoint = server.Url!,
            Name = server.Name,
            TransportMode = server.LegacySse ? HttpTransportMode.Sse : HttpTransportMode.StreamableHttp,
            ConnectionTimeout = ConnectTimeout,
        };

        // No logger: the SDK logs messages.
        return new HttpClientTransport(options, http, loggerFactory: null, ownsHttpClient: true);
    }

    private Func<CancellationToken, ValueTask<string?>> TokenFor(string? userToken) => server.Auth switch
    {
        McpAuth.Entra => async cancellationToken => Noted(await (appTokens ?? throw new HttpRequestException("The app has no identity here."))
            .GetAsync(server.Scope!, cancellationToken)),
        McpAuth.OAuth => async cancellationToken => Noted(await Credentials().GetAsync(cancellationToken)),
        _ => _ => new(userToken),
    };

    private string Noted(string token)
    {
        if (token != _appToken)
            (_earlierToken, _appToken) = (_appToken, token);
        return token;
    }

    private ClientCredentials Credentials() => LazyInitializer.EnsureInitialized(
        ref _credentials,
        () => new ClientCredentials(
            server, configuration, new HttpClient(_sockets, disposeHandler: false) { Timeout = ConnectTimeout, MaxResponseContentBufferSize = 64 * 1024 }, time));
}
