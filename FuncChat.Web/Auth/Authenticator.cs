using FuncChat.Engine;
using FuncChat.Engine.Usage;
using FuncChat.Web.Cors;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Auth;

/// <summary>
/// Identifies the caller: selects the authentication scheme for the request's credential, runs it, and applies the policy
/// <see cref="AuthPolicies.ApiUser"/>.
/// </summary>
internal sealed class Authenticator(IOptions<AuthSettings> settings, IOptions<OriginOptions> origins, IAuthorizationService authorization)
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
        var scheme = SchemeOf(credential.Value);
        if (!scheme.Succeeded)
            return scheme.Error;
        var signIn = await http.AuthenticateAsync(scheme.Value);
        if (!signIn.Succeeded)
            return SignInErrors.Of(signIn.Failure);
        var allowed = await authorization.AuthorizeAsync(signIn.Principal, AuthPolicies.ApiUser);
        if (!allowed.Succeeded)
            return new AppError(ErrorCode.Forbidden, allowed.Failure.FailureReasons.First().Message);
        var caller = new Caller(UserClaims.UserIdOf(signIn.Principal))
        {
            Roles = UserClaims.RolesOf(signIn.Principal),
            Name = UserClaims.EmailOf(signIn.Principal),
        };
        return NamedUser.Of(http.Request, credential.Value.IsApiKey ? KeyOf(caller.User) : null, caller);
    }

    private HashedApiKey? KeyOf(string user) => settings.Value.ApiKeys.FirstOrDefault(key => KeyUser.IdOf(key.Name) == user);

    private Result<string> SchemeOf(RequestCredential credential)
    {
        if (credential.IsApiKey)
            return ApiKeyHandler.Scheme;
        if (Jwt.Read(credential.Text) is not { } token)
            return SignInErrors.Malformed;
        return settings.Value.Providers.FirstOrDefault(provider => provider.Issues(token.Issuer)) is { } provider
            ? provider.Name
            : SignInErrors.UnknownIssuer;
    }
}
