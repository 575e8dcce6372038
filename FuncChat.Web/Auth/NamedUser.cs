using System.Text.RegularExpressions;
using FuncChat.Engine;
using FuncChat.Engine.Usage;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Auth;

/// <summary>
/// The user that a program with a trusted API key names in a header. Turns, limits and budgets are that user's then. A named user has none of the key's roles.
/// </summary>
internal static partial class NamedUser
{
    /// <summary>The header of this server's own clients. A key may be trusted with another one.</summary>
    public const string StandardHeader = "X-FuncChat-User";

    private static AppError NotTrusted { get; } = new(
        ErrorCode.Forbidden, $"You may not name a user in {StandardHeader}: only requests with an API key that is trusted to do so may. See FuncChat__Auth__ApiKeys__<name>__UserHeader.");

    /// <param name="key">The API key of the request; null for another credential.</param>
    /// <param name="caller">The caller by the credential alone.</param>
    public static Result<Caller> Of(HttpRequest request, HashedApiKey? key, Caller caller)
    {
        if (!StandardHeader.Equals(key?.UserHeader, StringComparison.OrdinalIgnoreCase) && request.Headers.ContainsKey(StandardHeader))
            return NotTrusted;
        if (key?.UserHeader is not { } header || request.Headers[header] is not { Count: > 0 } values)
            return caller;
        return values is [{ } user] && UserPattern().IsMatch(user)
            ? new Caller(KeyUser.IdOf(key.Name, user))
            : new AppError(ErrorCode.InvalidRequest, $"{header} must name one user with 1 to 128 letters, digits and . _ @ + : | = / -") { Path = header };
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._@+:|=/-]{1,128}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex UserPattern();
}
