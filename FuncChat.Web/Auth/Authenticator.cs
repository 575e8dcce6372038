using FuncChat.Engine;
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
        if (settings.Value.LoopbackOnly && !LoopbackOnlyPolicy.IsMet(http, origins.Value.All))
            return SignInErrors.LoopbackOnly;
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
        return allowed.Succeeded
            ? new Caller(UserClaims.UserIdOf(signIn.Principal)) { Roles = UserClaims.RolesOf(signIn.Principal) }
            : new AppError(ErrorCode.Forbidden, allowed.Failure.FailureReasons.First().Message);
    }

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
