using FuncChat.Engine;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace FuncChat.Web.Auth;

/// <summary>The one credential of a request: a bearer token, or an API key.</summary>
internal sealed record RequestCredential(string Text, bool IsApiKey)
{
    private const string Bearer = "Bearer ";

    /// <summary>Reads the credential from `Authorization`, `X-Api-Key` or `api-key`. More than one is an error: it is unclear which one counts.</summary>
    public static Result<RequestCredential> Of(HttpRequest request)
    {
        var authorization = request.Headers.Authorization;
        var keys = KeysOf(request);
        if (authorization.Count + keys.Count == 0)
            return SignInErrors.NoCredential;
        if (authorization.Count + keys.Count > 1)
            return SignInErrors.SeveralCredentials;
        if (keys is [var key])
            return new RequestCredential(key ?? "", IsApiKey: true);
        var text = authorization.ToString();
        if (!text.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return SignInErrors.NotBearer;
        text = text[Bearer.Length..].Trim();
        return new RequestCredential(text, ApiKey.HasPrefix(text));
    }

    /// <summary>The `WWW-Authenticate` header of a 401 (RFC 6750): what to send, and what was wrong with what was sent.</summary>
    public static string ChallengeFor(HttpRequest request, AppError error) =>
        request.Headers.Authorization.Count == 0 && KeysOf(request).Count == 0
            ? "Bearer realm=\"FuncChat\""
            : $"Bearer realm=\"FuncChat\", error=\"invalid_token\", error_description=\"{error.Message}\"";

    // The second header is what Azure OpenAI's clients send.
    private static StringValues KeysOf(HttpRequest request) => StringValues.Concat(request.Headers["X-Api-Key"], request.Headers["api-key"]);
}
