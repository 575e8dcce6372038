using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FuncChat.Tools.Fetch;

namespace FuncChat.Tools.Mcp.SignIn;

/// <summary>
/// Requests to the addresses that an MCP server names for its authorization. The server may be hostile: they must be https and on the public internet, unless
/// the server itself is on this machine or a private network. Redirects are not followed.
/// </summary>
internal sealed class OAuthHttp : IDisposable
{
    private const int MaxResponse = 256 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LookUpTimeout = TimeSpan.FromSeconds(5);

    private readonly Uri _server;
    private readonly INetwork _network;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public OAuthHttp(Uri server, INetwork network, TimeProvider time)
    {
        (_server, _network, _time) = (server, network, time);
        var connector = new GuardedConnector(network, new HashSet<HostAndPort> { HostAndPort.Of(server) }, IsServerPrivateAsync);
        _client = new HttpClient(connector.CreateHandler()) { Timeout = Timeout, MaxResponseContentBufferSize = MaxResponse };
    }

    /// <summary>Checks an address from a document.</summary>
    /// <exception cref="SignInException">It is none that the app sends requests to, or a browser.</exception>
    public Uri Check(string? address) =>
        WebUrl.SecureOf(address, _server.IsLoopback) ?? throw new SignInException("The authorization server's metadata has an address that is not https.");

    /// <summary>Whether the authorization server can probably read a document of this app: it is https and on the public internet, or both are on a private network.</summary>
    public async ValueTask<bool> IsReadableAsync(Uri address, CancellationToken cancellationToken)
    {
        if (address.Scheme != Uri.UriSchemeHttps || address.IsLoopback)
            return false;
        using var limit = new TimeLimit(LookUpTimeout, _time, cancellationToken);
        try
        {
            return await IsPublicAsync(address, limit.Token) is true || await IsServerPrivateAsync(limit.Token);
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException || limit.Passed)
        {
            // The name does not exist, is too long, or is not looked up in time.
            return false;
        }
    }

    /// <summary>Reads a document; null if the address has none.</summary>
    /// <exception cref="SignInException">The address is unavailable, or its document is not valid.</exception>
    public async Task<T?> FindAsync<T>(Uri address, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using var response = await SendAsync(request, cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => await ReadAsync(response, type, cancellationToken),
            >= HttpStatusCode.InternalServerError => throw new SignInException("The server's authorization metadata is unavailable.", SignInFailure.Unavailable),
            _ => null,
        };
    }

    /// <summary>Sends the server a request without credentials, for its challenge; null if it does not refuse the request.</summary>
    public async Task<AuthenticationHeaderValue?> ChallengeAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _server);
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Content = new StringContent("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", Encoding.UTF8, "application/json");
        using var response = await SendAsync(request, cancellationToken);
        return response.StatusCode == HttpStatusCode.Unauthorized
            ? BearerChallenge.In(response)
            : null;
    }

    /// <summary>Sends JSON or a form.</summary>
    /// <returns>The response's status, and its document if it succeeded.</returns>
    public async Task<(HttpStatusCode Status, T? Document)> PostAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        request.Headers.Accept.ParseAdd("application/json");
        using var response = await SendAsync(request, cancellationToken);
        return (response.StatusCode, response.IsSuccessStatusCode ? await ReadAsync(response, type, cancellationToken) : null);
    }

    /// <summary>Sends a request whose response does not matter.</summary>
    public async Task TryPostAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await SendAsync(request, cancellationToken);
        }
        catch (SignInException)
        {
            // It was worth a try.
        }
    }

    public void Dispose() => _client.Dispose();

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(await response.Content.ReadAsStreamAsync(cancellationToken), type, cancellationToken) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new SignInException("The authorization server returned a document that is not valid.");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _client.SendAsync(request, cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new SignInException("The server's authorization is unavailable.", SignInFailure.Unavailable, failure);
        }
    }

    private async ValueTask<bool> IsServerPrivateAsync(CancellationToken cancellationToken) => await IsPublicAsync(_server, cancellationToken) is false;

    // Null if the host has no address.
    private async Task<bool?> IsPublicAsync(Uri address, CancellationToken cancellationToken)
    {
        if (AsciiHost.Of(address) is not { } host)
            return null;
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await _network.ResolveAsync(host, cancellationToken);
        return addresses.Length == 0 ? null : Array.TrueForAll(addresses, PublicAddress.Is);
    }
}
