using FuncChat.Engine;
using Microsoft.IdentityModel.Tokens;

namespace FuncChat.Web.Auth;

/// <summary>The reasons why a request is not let in, as answers to the caller. None repeats any part of the credential.</summary>
internal static class SignInErrors
{
    public static AppError NoCredential { get; } = Unauthorized("Authentication required: sign in, or send an API key.");

    public static AppError SeveralCredentials { get; } =
        Unauthorized("The request has several credentials. Send one and leave out the others: Authorization with a Bearer token, X-Api-Key, or api-key.");

    public static AppError NotBearer { get; } = Unauthorized("The Authorization header must have the scheme Bearer, followed by a token or an API key.");

    public static AppError UnknownApiKey { get; } = Unauthorized("The API key is not valid.");

    public static AppError Malformed { get; } = Unauthorized("The credential is neither a signed JSON Web Token nor an API key of this server, which starts with fchat_.");

    public static AppError NotASignInToken { get; } = Unauthorized("The token is neither an ID token nor an access token.");

    public static AppError UnknownIssuer { get; } = Unauthorized("This server does not accept tokens of the token's issuer.");

    public static AppError WrongSignature { get; } = Unauthorized("The token's signature is not valid.");

    public static AppError NoSubject { get; } = Unauthorized("The token has no subject.");

    /// <param name="reason">What makes the request look like one of another machine.</param>
    public static AppError LoopbackOnly(string reason) => new(
        ErrorCode.Forbidden,
        $"This server has no sign-in, so it answers only requests that come directly from the machine that it runs on. Because of {reason}, this one does not seem to. See \"Who may use it\" in docs/configuration.md.");

    public static AppError IssuerUnavailable { get; } =
        new(ErrorCode.Unavailable, "The token can't be validated because the identity provider is unreachable. Try again in a moment.")
        {
            Retryable = true,
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    /// <summary>The answer to a failed authentication.</summary>
    public static AppError Of(Exception? failure) => failure switch
    {
        RefusedTokenException signIn => signIn.Error,
        SecurityTokenExpiredException => Unauthorized("The token has expired. Sign in again."),
        SecurityTokenNotYetValidException => Unauthorized("The token is not valid yet."),
        SecurityTokenInvalidAudienceException => Unauthorized("The token was issued for another application."),
        SecurityTokenInvalidIssuerException => UnknownIssuer,
        SecurityTokenNoExpirationException => Unauthorized("The token has no expiration time."),
        SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException or SecurityTokenInvalidAlgorithmException
            or SecurityTokenInvalidSigningKeyException => WrongSignature,
        _ => Unauthorized("The token is not valid."),
    };

    private static AppError Unauthorized(string message) => new(ErrorCode.Unauthorized, message);
}

/// <summary>Carries an error through an authentication handler, whose result has room for an exception only.</summary>
internal sealed class RefusedTokenException(AppError error) : Exception(error.Message)
{
    public AppError Error { get; } = error;
}
