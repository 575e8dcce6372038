using System.Net.Http.Headers;

namespace FuncChat.Tools.Mcp.SignIn;

/// <summary>Finds the authorization server of an MCP server, as the protocol's specification of 2025-11-25 describes it.</summary>
internal sealed class OAuthDiscovery(McpServerSettings server, OAuthHttp http)
{
    private const int MaxScope = 1000;

    private readonly Uri _server = server.Url!;

    /// <exception cref="SignInException">The server has none, or its metadata is not valid.</exception>
    public async Task<AuthorizationServer> FindAsync(CancellationToken cancellationToken)
    {
        var challenge = await http.ChallengeAsync(cancellationToken);
        var resource = await FindResourceAsync(challenge, cancellationToken);

        var issuer = IssuerOf(resource);
        var metadata = await FindIssuerAsync(http.Check(issuer), issuer, cancellationToken)
            ?? throw new SignInException($"The MCP server '{server.Name}' does not describe its authorization.");
        if (metadata.CodeChallengeMethodsSupported?.Contains("S256", StringComparer.Ordinal) != true)
            throw new SignInException($"The authorization server of the MCP server '{server.Name}' does not support PKCE with S256.");
        var authorization = http.Check(metadata.AuthorizationEndpoint);

        // Mix-up (RFC 9700, 4.4): users would sign in at another authorization server, and their code would go to this one.
        if (server.Issuer is null && !metadata.AuthorizationResponseIssParameterSupported && !IsOnSite(new Uri(metadata.Issuer!), authorization))
        {
            throw new SignInException(
                $"The authorization server of the MCP server '{server.Name}' sends users to another site and does not say that it names itself in its response (iss). If '{metadata.Issuer}' is right, set FuncChat__Mcp__Servers__{server.Name}__Issuer to it.");
        }

        return new AuthorizationServer
        {
            Issuer = metadata.Issuer!,
            AuthorizationEndpoint = authorization,
            TokenEndpoint = http.Check(metadata.TokenEndpoint),
            RegistrationEndpoint = metadata.RegistrationEndpoint is { } registration ? http.Check(registration) : null,
            RevocationEndpoint = metadata.RevocationEndpoint is { } revocation ? http.Check(revocation) : null,
            AuthMethods = metadata.TokenEndpointAuthMethodsSupported ?? ["client_secret_basic"],
            ReadsClientMetadata = metadata.ClientIdMetadataDocumentSupported && metadata.TokenEndpointAuthMethodsSupported?.Contains("none", StringComparer.Ordinal) != false,
            ReturnsIssuer = metadata.AuthorizationResponseIssParameterSupported,
            Resource = resource?.Resource ?? _server.AbsoluteUri,
            Scope = ScopeOf(challenge, resource, metadata),
        };
    }

    // Before the specification of 2025-06-18, the MCP server was its own authorization server.
    private string IssuerOf(ResourceMetadata? resource)
    {
        if (resource?.AuthorizationServers is not [var first, ..] named)
            return server.Issuer ?? _server.GetLeftPart(UriPartial.Authority);
        return server.Issuer is not { } expected ? first
            : named.FirstOrDefault(each => IsSame(each, expected)) ?? throw new SignInException($"The MCP server '{server.Name}' names another authorization server than its setting Issuer.");
    }

    /// <summary>Whether two texts name one authorization server.</summary>
    public static bool IsSame(string? issuer, string? other) => issuer?.TrimEnd('/') == other?.TrimEnd('/');

    /// <summary>Whether an address is on the issuer's site. Figma's issuer is at api.figma.com, for example, and its page at www.figma.com.</summary>
    public static bool IsOnSite(Uri issuer, Uri address) => address.Scheme == issuer.Scheme && address.Port == issuer.Port && SiteOf(address) == SiteOf(issuer);

    // The last two names of a host, or three, as in example.co.uk.
    private static string SiteOf(Uri address)
    {
        var names = address.IdnHost.Split('.');
        return address.HostNameType is UriHostNameType.Dns ? string.Join('.', names[^Math.Min(names.Length, names is [.., { Length: <= 3 }, { Length: 2 }] ? 3 : 2)..]) : address.IdnHost;
    }

    // The most specific source wins. `offline_access` asks OpenID providers for a refresh token.
    private string? ScopeOf(AuthenticationHeaderValue? challenge, ResourceMetadata? resource, IssuerMetadata issuer)
    {
        var challenged = BearerChallenge.Find(challenge, "scope") is { Length: > 0 } named ? named : null;
        var scope = server.Scope ?? challenged ?? (resource?.ScopesSupported is { Count: > 0 } supported ? string.Join(' ', supported) : null);
        if (scope is { Length: 0 or > MaxScope })
            scope = null;
        return scope is not null && issuer.ScopesSupported?.Contains("offline_access", StringComparer.Ordinal) == true && !scope.Split(' ').Contains("offline_access", StringComparer.Ordinal)
            ? $"{scope} offline_access"
            : scope;
    }

    private async Task<ResourceMetadata?> FindResourceAsync(AuthenticationHeaderValue? challenge, CancellationToken cancellationToken)
    {
        var origin = _server.GetLeftPart(UriPartial.Authority);
        IEnumerable<Uri> addresses = BearerChallenge.Find(challenge, "resource_metadata") is { } named
            ? [http.Check(named)]
            : [new Uri($"{origin}/.well-known/oauth-protected-resource{_server.AbsolutePath.TrimEnd('/')}"), new Uri($"{origin}/.well-known/oauth-protected-resource")];
        foreach (var address in addresses)
        {
            if (await http.FindAsync(address, OAuthJson.Default.ResourceMetadata, cancellationToken) is { } found)
                return IsThisServer(found.Resource) ? found : throw new SignInException($"The metadata of the MCP server '{server.Name}' is that of another server.");
        }

        return null;
    }

    // The document may describe the server's address, or one above it.
    private bool IsThisServer(string? resource) =>
        Uri.TryCreate(resource, UriKind.Absolute, out var uri)
        && uri.GetLeftPart(UriPartial.Authority) == _server.GetLeftPart(UriPartial.Authority)
        && $"{_server.AbsolutePath.TrimEnd('/')}/".StartsWith($"{uri.AbsolutePath.TrimEnd('/')}/", StringComparison.Ordinal);

    private async Task<IssuerMetadata?> FindIssuerAsync(Uri issuer, string name, CancellationToken cancellationToken)
    {
        var (origin, path) = (issuer.GetLeftPart(UriPartial.Authority), issuer.AbsolutePath.TrimEnd('/'));
        string[] addresses =
        [
            $"{origin}/.well-known/oauth-authorization-server{path}", $"{origin}/.well-known/openid-configuration{path}", $"{origin}{path}/.well-known/openid-configuration",
        ];
        foreach (var address in addresses.Distinct(StringComparer.Ordinal))
        {
            // Otherwise one authorization server could pass for another.
            if (await http.FindAsync(new Uri(address), OAuthJson.Default.IssuerMetadata, cancellationToken) is { } found)
                return IsSame(found.Issuer, name) ? found : throw new SignInException($"The authorization server of the MCP server '{server.Name}' has another issuer.");
        }

        return null;
    }
}

/// <summary>An authorization server, whose addresses have been checked.</summary>
internal sealed record AuthorizationServer
{
    public required string Issuer { get; init; }

    public required Uri AuthorizationEndpoint { get; init; }

    public required Uri TokenEndpoint { get; init; }

    public Uri? RegistrationEndpoint { get; init; }

    public Uri? RevocationEndpoint { get; init; }

    public required IReadOnlyList<string> AuthMethods { get; init; }

    /// <summary>Whether the `client_id` may be the address of a document, which the authorization server reads.</summary>
    public bool ReadsClientMetadata { get; init; }

    public bool ReturnsIssuer { get; init; }

    public required string Resource { get; init; }

    /// <summary>The scope to request; null for none.</summary>
    public string? Scope { get; init; }
}
