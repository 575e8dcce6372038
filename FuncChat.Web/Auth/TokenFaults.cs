using FuncChat.Engine;
using Microsoft.IdentityModel.Tokens;

namespace FuncChat.Web.Auth;

/// <summary>What can be wrong with a token, for its bearer. Nothing of the token itself is repeated.</summary>
internal static class TokenFaults
{
    public static AppError Malformed { get; } = Of("The token is not a signed JSON Web Token.");

    public static AppError UnknownIssuer { get; } = Of("The token comes from an issuer that this server does not know.");

    public static AppError WithoutSubject { get; } = Of("The token does not say whose it is.");

    public static AppError Unchecked { get; } =
        new(ErrorCode.Internal, "The token can't be checked now, since the identity provider does not answer. Try again in a moment.")
        {
            Retryable = true,
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    public static AppError Of(Exception? exception) => exception switch
    {
        SecurityTokenExpiredException => Of("The token has expired. Sign in again."),
        SecurityTokenNotYetValidException => Of("The token is not valid yet."),
        SecurityTokenInvalidAudienceException => Of("The token is meant for another application."),
        SecurityTokenInvalidIssuerException => UnknownIssuer,
        SecurityTokenNoExpirationException => Of("The token does not say when it expires."),
        SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException or SecurityTokenInvalidAlgorithmException =>
            Of("The token's signature is not its issuer's."),
        _ => Of("The token is not valid."),
    };

    private static AppError Of(string message) => new(ErrorCode.Unauthorized, message);
}
