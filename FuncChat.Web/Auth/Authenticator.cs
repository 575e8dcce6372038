using FuncChat.Engine;
using FuncChat.Engine.Usage;
using FuncChat.Web.Cors;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Auth;

/// <summary>Identifies the caller by an API key or, with the authentication scheme of the issuer, by a token of a user who is on the allow list.</summary>
internal sealed class Authenticator(IOptions<AuthSettings> settings, IOptions<OriginOptions> origins)
{
    /// <summary>The caller, or an error: 401, 403, or 503 if the identity provider is unreachable.</summary>
    public async ValueTask<Result<Caller>> AuthenticateAsync(HttpContext http)
    {
        if (settings.Value.LoopbackOnly && LoopbackOnlyPolicy.ReasonToRefuse(http, origins.Value.All) is { } reason)
            return SignInErrors.LoopbackOnly(reason);
        if (!settings.Value.SignInRequired)
            return Caller.Anonymous;

        var credential = RequestCredential.Of(http.Request);
        if (!credential.Succeeded)
            return credential.Error;
        if (credential.Value.IsApiKey)
        {
            return ApiKey.Find(settings.Value.ApiKeys, credential.Value.Text) is { } key
                ? NamedUser.Of(http.Request, key, new Caller(KeyUser.IdOf(key.Name)) { Roles = [$"key:{key.Name}"] })
                : SignInErrors.UnknownApiKey;
        }

        var caller = await SignInAsync(http, credential.Value.Text);
        return caller.Succeeded ? NamedUser.Of(http.Request, key: null, caller.Value) : caller.Error;
    }

    private async ValueTask<Result<Caller>> SignInAsync(HttpContext http, string text)
    {
        if (Jwt.Read(text) is not { } token)
            return SignInErrors.Malformed;
        if (settings.Value.Providers.FirstOrDefault(provider => provider.Issues(token.Issuer)) is not { } issuer)
            return SignInErrors.UnknownIssuer;
        var signIn = await http.AuthenticateAsync(issuer.Name);
        if (!signIn.Succeeded)
            return SignInErrors.Of(signIn.Failure);
        return settings.Value.Allowed.FindRefusal(signIn.Principal) is { } refusal
            ? new AppError(ErrorCode.Forbidden, refusal)
            : new Caller(UserClaims.UserIdOf(signIn.Principal)) { Roles = UserClaims.RolesOf(signIn.Principal), Name = UserClaims.EmailOf(signIn.Principal) };
    }
}
