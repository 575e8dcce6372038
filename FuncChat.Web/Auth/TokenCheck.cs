using FuncChat.Engine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Tokens;

namespace FuncChat.Web.Auth;

/// <summary>Checks bearer tokens: OpenID Connect ID tokens, and access tokens that are JSON Web Tokens.</summary>
internal sealed class TokenCheck : IDisposable
{
    // Entra's with all their groups have some 12 KB.
    private const int LongestToken = 16 * 1024;
    private const int LongestSubject = 255;
    private const int LargestDocument = 1024 * 1024;

    // Clocks differ a little.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = LongestToken };
    private readonly HttpClient _http;
    private readonly IReadOnlyList<(IdentityProvider Provider, SigningKeys Keys)> _issuers;
    private readonly TimeProvider _time;

    public TokenCheck(IOptions<AuthSettings> settings, TimeProvider time, ILogger<TokenCheck> logger)
    {
        _time = time;
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false })
        {
            Timeout = TimeSpan.FromSeconds(10),
            MaxResponseContentBufferSize = LargestDocument,
        };
        _issuers = [.. settings.Value.Providers.Select(provider => (provider, new SigningKeys(
            provider, new HttpDocumentRetriever(_http) { RequireHttps = provider.Authority.Scheme == Uri.UriSchemeHttps }, time, logger)))];
    }

    /// <summary>Whom the token is about, or what is wrong with it.</summary>
    public async ValueTask<Result<Identity>> CheckAsync(string text, CancellationToken cancellationToken)
    {
        if (Read(text) is not { } token)
            return TokenFaults.Malformed;
        var (provider, issuersKeys) = _issuers.FirstOrDefault(issuer => issuer.Provider.Issues(token.Issuer));
        if (provider is null)
            return TokenFaults.UnknownIssuer;

        // Before a key is looked for: others can't make this server fetch any.
        if (!provider.Algorithms.Contains(token.Alg, StringComparer.Ordinal))
            return TokenFaults.Of(new SecurityTokenInvalidAlgorithmException());
        if (await issuersKeys.GetAsync(token.Kid, cancellationToken) is not { } metadata)
            return TokenFaults.Unchecked;
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = metadata.Issuer,
            ValidIssuers = provider.OtherIssuer is { } other ? [other] : null,
            ValidAudiences = provider.Audiences,
            ValidAlgorithms = provider.Algorithms,
            IssuerSigningKeys = metadata.SigningKeys,
            LifetimeValidator = CheckLifetime,
        });
        return result.IsValid ? IdentityOf(token, provider) : TokenFaults.Of(result.Exception);
    }

    public void Dispose()
    {
        foreach (var (_, keys) in _issuers)
            keys.Dispose();
        _http.Dispose();
    }

    // As the library's own, which runs on the computer's clock.
    private bool CheckLifetime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        if (expires is null)
            throw new SecurityTokenNoExpirationException();
        if (notBefore > now + Skew)
            throw new SecurityTokenNotYetValidException();
        return now - Skew < expires ? true : throw new SecurityTokenExpiredException();
    }

    private static JsonWebToken? Read(string text)
    {
        if (text.Length > LongestToken)
            return null;
        try
        {
            // What is encrypted can't be read here.
            var token = new JsonWebToken(text);
            return token.IsEncrypted ? null : token;
        }
        catch (Exception)
        {
            // The text may be anything, and what is thrown for it too.
            return null;
        }
    }

    private static Result<Identity> IdentityOf(JsonWebToken token, IdentityProvider provider)
    {
        if (token.Subject is not { Length: > 0 and <= LongestSubject } subject)
            return TokenFaults.WithoutSubject;
        var email = Claim(token, "email") ?? (provider.VouchesForEmail ? Claim(token, "preferred_username") : null);
        return new Identity(provider.Authority.AbsoluteUri.TrimEnd('/'), subject)
        {
            Email = email,

            // A boolean, which some issuers write as a string.
            EmailIsVerified = provider.VouchesForEmail || string.Equals(Claim(token, "email_verified"), "true", StringComparison.OrdinalIgnoreCase),
            Roles = provider.GivesRoles ? Claims(token, "roles") : [],
            Groups = provider.GivesRoles ? Claims(token, "groups") : [],
        };
    }

    private static string? Claim(JsonWebToken token, string name) => Claims(token, name) is [{ Length: > 0 } value] ? value : null;

    private static List<string> Claims(JsonWebToken token, string name) =>
        [.. token.Claims.Where(claim => claim.Type == name).Select(claim => claim.Value)];
}
