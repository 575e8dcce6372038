using FuncChat.Engine;
using FuncChat.Tools;
using FuncChat.Web.Http;
using FuncChat.Web.Limits;
using FuncChat.Web.Mcp;
using FuncChat.Web.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FuncChat.Web.Auth;

/// <summary>
/// Identifies the caller of each request whose route is not open, and applies the user's limits. Both hosts wrap their handlers in it, because the Functions host
/// runs no ASP.NET Core middleware after routing.
/// </summary>
internal sealed partial class ApiAuthorization(Authenticator authenticator, UserQuota quota, ILogger<ApiAuthorization> logger)
{
    /// <summary>Runs the handler, which gets the user from <see cref="Caller.UserOf"/>, or answers with 401, 403, 429 or 503.</summary>
    public async Task<IResult> RunAsync(HttpContext http, Func<Task<IResult>> handler)
    {
        ExposeHeaders(http);
        var caller = await authenticator.AuthenticateAsync(http);
        if (!caller.Succeeded)
            return Refuse(http, caller.Error);
        http.Features.Set(caller.Value);
        CallerTrace.Link(http);
        UserToken.Current = TokenOf(http, caller.Value);
        return await quota.TryCountAsync(http, caller.Value) is { } reached ? new ProblemResult(reached) : await handler();
    }

    // Without this header, pages of other origins can't read these. Azure's own CORS has no setting for it.
    private static void ExposeHeaders(HttpContext http)
    {
        if (http.Request.Headers.Origin.Count > 0)
            http.Response.Headers.AccessControlExposeHeaders = "X-Turn-Id, ETag, Retry-After, WWW-Authenticate, x-request-id, x-should-retry, x-workflow-run-id";
    }

    // For tools that act as the user. An API key is not one that another server could check.
    private static string? TokenOf(HttpContext http, Caller caller) =>
        caller != Caller.Anonymous && RequestCredential.Of(http.Request) is { Succeeded: true, Value: { IsApiKey: false } credential } ? credential.Text : null;

    private ProblemResult Refuse(HttpContext http, AppError error)
    {
        LogRefused(error.Code, error.Message);
        if (error.Code == ErrorCode.Unauthorized)
            http.Response.Headers.WWWAuthenticate = RequestCredential.ChallengeFor(http.Request, error) + ProtectedResource.ParameterFor(http);
        return new ProblemResult(error);
    }

    [LoggerMessage(401, LogLevel.Information, "A request was refused with {Code}: {Reason}")]
    private partial void LogRefused(ErrorCode code, string reason);
}
