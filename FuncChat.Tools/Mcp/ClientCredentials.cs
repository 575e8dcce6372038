using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Configuration;

namespace FuncChat.Tools.Mcp;

/// <summary>Requests tokens by OAuth client credentials, and reuses each until shortly before it expires.</summary>
internal sealed class ClientCredentials(McpServerSettings server, IConfiguration configuration, HttpClient http, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AssumedLifetime = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _requesting = new(1, 1);
    private string? _token;
    private DateTimeOffset _expires;

    /// <exception cref="HttpRequestException">The authorization server is unavailable, or refuses the request.</exception>
    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        await _requesting.WaitAsync(cancellationToken);
        try
        {
            return _token is { } token && time.GetUtcNow() < _expires ? token : await RequestAsync(cancellationToken);
        }
        finally
        {
            _requesting.Release();
        }
    }

    /// <summary>Discards a token that the server has refused, though it has not expired.</summary>
    public void Discard(string token)
    {
        // By identity: another caller may have requested a new one meanwhile.
        if (Volatile.Read(ref _token) is { } current && current == token)
            Interlocked.CompareExchange(ref _token, null, current);
    }

    public void Dispose() => _requesting.Dispose();

    private async Task<string> RequestAsync(CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = server.ClientId!,
            ["client_secret"] = configuration[server.ClientSecretKey!] ?? "",

            // RFC 8707: the token is for this server alone.
            ["resource"] = server.Url!.AbsoluteUri,
        };
        if (server.Scope is { } scope)
            form["scope"] = scope;
        using var body = new FormUrlEncodedContent(form);
        using var response = await http.PostAsync(server.TokenUrl, body, cancellationToken);
        response.EnsureSuccessStatusCode();
        try
        {
            var issued = await JsonSerializer.DeserializeAsync<IssuedToken>(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
            var token = issued is { AccessToken.Length: > 0 } ? issued.AccessToken : throw new HttpRequestException("The authorization server returned no token.");
            _expires = time.GetUtcNow() + (issued.ExpiresIn is > 0 and < 86_400 ? TimeSpan.FromSeconds(issued.ExpiresIn) : AssumedLifetime) - Margin;
            return _token = token;
        }
        catch (JsonException wrong)
        {
            throw new HttpRequestException("The authorization server returned no valid token response.", wrong);
        }
    }

    private sealed record IssuedToken(
        [property: JsonPropertyName("access_token")] string? AccessToken, [property: JsonPropertyName("expires_in"), JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] double ExpiresIn);
}
