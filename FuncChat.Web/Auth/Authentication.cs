using FuncChat.Engine;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Auth;

/// <summary>Finds out whose request it is, by a bearer token or an API key, and whether that one may use the server.</summary>
internal sealed class Authentication(IOptions<AuthSettings> settings, TokenCheck tokens, ApiKeys keys)
{
    private const string Scheme = "Bearer ";
    private const string KeyHeader = "X-Api-Key";

    private static readonly AppError SignIn = new(ErrorCode.Unauthorized, "Sign in, or send an API key: this server does not answer just anybody.");
    private static readonly AppError OneCredential = new(ErrorCode.Unauthorized, "Send one credential: Authorization with a Bearer token, or X-Api-Key.");
    private static readonly AppError WrongKey = new(ErrorCode.Unauthorized, "There is no such API key.");
    private static readonly AppError NotVerified = new(ErrorCode.Forbidden, "The address that you signed in with is not verified. Verify it with your identity provider.");
    private static readonly AppError NotAllowed = new(ErrorCode.Forbidden, "You are signed in, but not among those who may use this server. Ask whoever runs it.");
    private static readonly AppError NotFromHere = new(
        ErrorCode.Forbidden, "Nobody signs in to this server, so it answers only the machine that it runs on. See FuncChat__Auth in docs/configuration.md.");

    /// <summary>The caller; or 401, 403 or, where an identity provider can't be asked, an error to try again.</summary>
    public async ValueTask<Result<Caller>> FindCallerAsync(HttpContext http)
    {
        if (settings.Value.LoopbackOnly && !LoopbackRule.IsMet(http))
            return NotFromHere;
        if (!settings.Value.SignInRequired)
            return Caller.Anonymous;

        var (authorization, key) = (http.Request.Headers.Authorization, http.Request.Headers[KeyHeader]);
        if (authorization.Count + key.Count == 0)
            return SignIn;
        if (authorization.Count + key.Count > 1)
            return OneCredential;
        if (key.Count == 1)
            return OfKey(key.ToString());
        var text = authorization.ToString();
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return OneCredential;
        text = text[Scheme.Length..].Trim();
        return text.StartsWith(ApiKeys.Prefix, StringComparison.Ordinal) ? OfKey(text) : await OfTokenAsync(text, http.RequestAborted);
    }

    /// <summary>How to ask for a token (RFC 6750), and what was wrong with the one that was sent.</summary>
    public static string ChallengeFor(HttpRequest request, AppError error) =>
        request.Headers.Authorization.Count + request.Headers[KeyHeader].Count == 0
            ? "Bearer realm=\"FuncChat\""
            : $"Bearer realm=\"FuncChat\", error=\"invalid_token\", error_description=\"{error.Message}\"";

    private Result<Caller> OfKey(string key) => keys.NameOf(key) is { } name ? new Caller($"key {name}") : WrongKey;

    private async ValueTask<Result<Caller>> OfTokenAsync(string token, CancellationToken cancellationToken)
    {
        var identity = await tokens.CheckAsync(token, cancellationToken);
        if (!identity.Succeeded)
            return identity.Error;
        if (settings.Value.Allowed.Allows(identity.Value))
            return new Caller($"{identity.Value.Issuer} {identity.Value.Subject}");
        return identity.Value is { Email: not null, EmailIsVerified: false } ? NotVerified : NotAllowed;
    }
}
