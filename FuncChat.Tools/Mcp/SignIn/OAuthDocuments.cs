using System.Text.Json.Serialization;

namespace FuncChat.Tools.Mcp.SignIn;

/// <summary>Protected resource metadata (RFC 9728).</summary>
internal sealed record ResourceMetadata
{
    public string? Resource { get; init; }

    public IReadOnlyList<string>? AuthorizationServers { get; init; }

    public IReadOnlyList<string>? ScopesSupported { get; init; }
}

/// <summary>Authorization server metadata (RFC 8414, OpenID Connect Discovery).</summary>
internal sealed record IssuerMetadata
{
    public string? Issuer { get; init; }

    public string? AuthorizationEndpoint { get; init; }

    public string? TokenEndpoint { get; init; }

    public string? RegistrationEndpoint { get; init; }

    public string? RevocationEndpoint { get; init; }

    public IReadOnlyList<string>? ScopesSupported { get; init; }

    public IReadOnlyList<string>? CodeChallengeMethodsSupported { get; init; }

    public IReadOnlyList<string>? TokenEndpointAuthMethodsSupported { get; init; }

    public bool ClientIdMetadataDocumentSupported { get; init; }

    /// <summary>Whether responses have `iss` (RFC 9207).</summary>
    public bool AuthorizationResponseIssParameterSupported { get; init; }
}

/// <summary>Dynamic client registration (RFC 7591).</summary>
internal sealed record RegistrationRequest
{
    public required string ClientName { get; init; }

    public required IReadOnlyList<string> RedirectUris { get; init; }

    public IReadOnlyList<string> GrantTypes { get; init; } = ["authorization_code", "refresh_token"];

    public IReadOnlyList<string> ResponseTypes { get; init; } = ["code"];

    public required string TokenEndpointAuthMethod { get; init; }

    public required string ApplicationType { get; init; }

    public string? Scope { get; init; }
}

internal sealed record RegistrationResponse
{
    public string? ClientId { get; init; }

    public string? ClientSecret { get; init; }

    public long? ClientSecretExpiresAt { get; init; }

    public string? TokenEndpointAuthMethod { get; init; }
}

internal sealed record TokenResponse
{
    public string? AccessToken { get; init; }

    public string? TokenType { get; init; }

    public string? RefreshToken { get; init; }

    /// <summary>Seconds; some servers send them as a text.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public double? ExpiresIn { get; init; }

    public string? Scope { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ResourceMetadata))]
[JsonSerializable(typeof(IssuerMetadata))]
[JsonSerializable(typeof(RegistrationRequest))]
[JsonSerializable(typeof(RegistrationResponse))]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(IReadOnlyList<OAuthClient>))]
[JsonSerializable(typeof(PendingSignIn))]
[JsonSerializable(typeof(UserTokens))]
internal sealed partial class OAuthJson : JsonSerializerContext;
