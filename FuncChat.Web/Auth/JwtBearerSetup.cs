using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Tokens;

namespace FuncChat.Web.Auth;

/// <summary>Registers an authentication scheme for each identity provider, named after it.</summary>
internal sealed class JwtBearerSetup(IOptions<AuthSettings> settings, TimeProvider time, ILogger<OidcMetadataCache> logger)
    : IConfigureOptions<AuthenticationOptions>, IConfigureNamedOptions<JwtBearerOptions>, IDisposable
{
    private const int MaxDocumentBytes = 1024 * 1024;
    private const int MinRsaBits = 2048;

    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = MaxDocumentBytes,
    };

    public void Configure(AuthenticationOptions options)
    {
        foreach (var provider in settings.Value.Providers)
            options.AddScheme<JwtBearerHandler>(provider.Name, displayName: null);
    }

    public void Configure(JwtBearerOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, JwtBearerOptions options)
    {
        if (settings.Value.Providers.FirstOrDefault(provider => provider.Name == name) is not { } provider)
            return;
        var documents = new HttpDocumentRetriever(_http) { RequireHttps = provider.Authority.Scheme == Uri.UriSchemeHttps };
        var metadata = new OidcMetadataCache(provider, documents, time, logger);
        options.ConfigurationManager = metadata;
        options.RefreshOnIssuerKeyNotFound = false; // the cache does so before the token is validated
        options.SaveToken = false;
        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(new JsonWebTokenHandler { MaximumTokenSizeInBytes = Jwt.MaxLength, MapInboundClaims = false });
        options.TokenValidationParameters = ParametersFor(provider);
        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = context => CheckFormAsync(context, provider, metadata),
            OnTokenValidated = context => ReadUserAsync(context, provider),
        };
    }

    public void Dispose() => _http.Dispose();

    // The handler adds the issuer and the keys of the metadata.
    private TokenValidationParameters ParametersFor(IdentityProvider provider) => new()
    {
        ValidIssuers = provider.OtherIssuer is { } other ? [other] : null,
        ValidAudiences = provider.Audiences,
        IgnoreTrailingSlashWhenValidatingAudience = false,
        ValidAlgorithms = provider.Algorithms,
        IssuerSigningKeyValidator = (key, _, _) => key is not (RsaSecurityKey or X509SecurityKey { PublicKey: RSA }) || key.KeySize >= MinRsaBits,
        LifetimeValidator = CheckLifetime,
    };

    private static async Task CheckFormAsync(MessageReceivedContext context, IdentityProvider provider, OidcMetadataCache metadata)
    {
        var credential = RequestCredential.Of(context.Request);
        if (!credential.Succeeded || Jwt.Read(credential.Value.Text) is not { } token)
            context.Fail(new RefusedTokenException(SignInErrors.Malformed));
        else if (!Jwt.IsForSignIn(token))
            context.Fail(new RefusedTokenException(SignInErrors.NotASignInToken));

        // Before the key is looked up, so that tokens that can't be valid don't cause requests to the issuer.
        else if (!provider.Algorithms.Contains(token.Alg, StringComparer.Ordinal))
            context.Fail(new RefusedTokenException(SignInErrors.WrongSignature));
        else if (!await metadata.EnsureKeyAsync(token.Kid, context.HttpContext.RequestAborted))
            context.Fail(new RefusedTokenException(SignInErrors.IssuerUnavailable));
    }

    private static Task ReadUserAsync(TokenValidatedContext context, IdentityProvider provider)
    {
        var user = UserClaims.OfToken((JsonWebToken)context.SecurityToken, provider);
        if (user is null)
            context.Fail(new RefusedTokenException(SignInErrors.NoSubject));
        else
            context.Principal = user;
        return Task.CompletedTask;
    }

    // The library's own check reads the system clock.
    private bool CheckLifetime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (expires is null)
            throw new SecurityTokenNoExpirationException();
        if (notBefore > now + ClockSkew)
            throw new SecurityTokenNotYetValidException();
        return now - ClockSkew < expires ? true : throw new SecurityTokenExpiredException();
    }
}
