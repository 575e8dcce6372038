using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FuncChat.Tests.Support;

/// <summary>An OpenID Connect issuer on 127.0.0.1: its metadata, its keys, which it rotates, and the tokens that it, or a forger, signs.</summary>
internal sealed class OpenIdIssuer : IAsyncDisposable
{
    public const string Audience = "the-page";

    private const string MetadataPath = "/.well-known/openid-configuration";
    private const string KeysPath = "/keys";

    // To generate a key takes more of the processor than most tests.
    private static readonly RSAParameters FirstKey = NewKey("key-1").Rsa.ExportParameters(includePrivateParameters: true);

    private readonly ScriptedWebServer _server;
    private readonly TimeProvider _time;

    private OpenIdIssuer(ScriptedWebServer server, TimeProvider time)
    {
        (_server, _time) = (server, time);
        server.On(MetadataPath, Unless(() => Down, () => Before(), () => JsonSerializer.Serialize(new
        {
            issuer = Issuer,
            jwks_uri = $"{Issuer}{KeysPath}",
            authorization_endpoint = $"{Issuer}{SignInIssuer.AuthorizePath}",
            token_endpoint = $"{Issuer}{SignInIssuer.TokenPath}",
            revocation_endpoint = $"{Issuer}{SignInIssuer.RevokePath}",
            scopes_supported = new[] { "openid", "profile", "email", "offline_access" },
        })));
        server.On(KeysPath, Unless(() => Down, () => Before(), () => JsonSerializer.Serialize(new { keys = new[] { PublicKey() } })));
    }

    /// <summary>Whether it answers nothing but 503.</summary>
    public bool Down { get; set; }

    /// <summary>Runs before each response.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    /// <summary>What its metadata and tokens name as the issuer.</summary>
    public string Issuer => _server.Url.AbsoluteUri.TrimEnd('/');

    /// <summary>How often its keys were fetched.</summary>
    public int KeyFetches => _server.Requests.Count(request => request == KeysPath);

    public int MetadataFetches => _server.Requests.Count(request => request == MetadataPath);

    /// <summary>All issuers start with the same key.</summary>
    public RsaSecurityKey Key { get; private set; } = new(RSA.Create(FirstKey)) { KeyId = "key-1" };

    public static async Task<OpenIdIssuer> StartAsync(TimeProvider time) => new(await ScriptedWebServer.StartAsync(), time);

    public static RsaSecurityKey NewKey(string id, int bits = 2048) => new(RSA.Create(bits)) { KeyId = id };

    /// <summary>Answers what else is asked for at the issuer's address.</summary>
    public void On(string path, RequestDelegate answer) => _server.On(path, answer);

    /// <summary>From now on there is only this key.</summary>
    public void RotateTo(string keyId, int bits = 2048) => Key = NewKey(keyId, bits);

    /// <summary>A token of Ada's for an hour, valid except for what the test changes.</summary>
    /// <param name="with">Claims, in place of the usual ones; null leaves one out.</param>
    public string Token(SecurityKey? key = null, string algorithm = SecurityAlgorithms.RsaSha256, params (string Name, object? Value)[] with) =>
        Handler.CreateToken(Payload(with), new SigningCredentials(key ?? Key, algorithm));

    /// <inheritdoc cref="Token"/>
    public string TokenWith(params (string Name, object? Value)[] with) => Token(with: with);

    /// <summary>An unsigned token, with the algorithm `none`.</summary>
    public string UnsignedToken() =>
        $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT","kid":"key-1"}""")}.{Base64UrlEncoder.Encode(Payload())}.";

    /// <summary>A token whose header and claims are these texts as they are, signed with the issuer's key (RS256).</summary>
    public string Signed(string header, string claims)
    {
        var signed = $"{Base64UrlEncoder.Encode(header)}.{Base64UrlEncoder.Encode(claims)}";
        return $"{signed}.{Base64UrlEncoder.Encode(Key.Rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    /// <summary>The claims of a valid token, except for what the test changes.</summary>
    public string Claims(params (string Name, object? Value)[] with) => Payload(with);

    /// <summary>Unix time that many seconds from now.</summary>
    public long In(int seconds) => _time.GetUtcNow().ToUnixTimeSeconds() + seconds;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static JsonWebTokenHandler Handler { get; } = new() { SetDefaultTimesOnTokenCreation = false };

    private static RequestDelegate Unless(Func<bool> down, Func<Task> before, Func<string> answer) => async context =>
    {
        await before();
        context.Response.StatusCode = down() ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        context.Response.ContentType = "application/json";
        context.Response.Headers.AccessControlAllowOrigin = "*";
        await context.Response.WriteAsync(down() ? "{}" : answer(), context.RequestAborted);
    };

    private string Payload(params (string Name, object? Value)[] with)
    {
        var claims = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["iss"] = Issuer,
            ["aud"] = Audience,
            ["sub"] = "ada",
            ["email"] = "ada@example.com",
            ["email_verified"] = true,
            ["iat"] = In(0),
            ["nbf"] = In(0),
            ["exp"] = In(3600),
        };
        foreach (var (name, value) in with)
            claims[name] = value;
        return JsonSerializer.Serialize(claims.Where(claim => claim.Value is not null).ToDictionary());
    }

    private object PublicKey()
    {
        var parameters = Key.Rsa.ExportParameters(includePrivateParameters: false);
        return new
        {
            kty = "RSA",
            use = "sig",
            kid = Key.KeyId,
            n = Base64UrlEncoder.Encode(parameters.Modulus),
            e = Base64UrlEncoder.Encode(parameters.Exponent),
        };
    }
}
