using FuncChat.Engine;
using FuncChat.Web.Http;
using FuncChat.Web.Limits;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FuncChat.Web.Auth;

/// <summary>
/// What every request passes but those for `/api/health`, `/api/config` and `/api/openapi.json`: who it is from, and whether that one is within
/// the limits. Both hosts call it around their handlers, since the Functions host has no ASP.NET Core pipeline to do so.
/// </summary>
public sealed partial class ApiGate
{
    private readonly Authentication _authentication;
    private readonly UserQuota _limits;
    private readonly ILogger<ApiGate> _logger;

    internal ApiGate(Authentication authentication, UserQuota limits, ILogger<ApiGate> logger)
    {
        _authentication = authentication;
        _limits = limits;
        _logger = logger;
    }

    /// <summary>Calls the handler, which then finds the user by <see cref="Caller.UserOf"/>; or answers with 401, 403, 429 or 503.</summary>
    public async Task<IResult> RunAsync(HttpContext http, Func<Task<IResult>> handler)
    {
        ExposeHeaders(http);
        var caller = await _authentication.FindCallerAsync(http);
        if (!caller.Succeeded)
            return Refuse(http, caller.Error);
        http.Features.Set(caller.Value);
        return await _limits.FindReachedAsync(http, caller.Value.User) is { } reached ? new ProblemResult(reached) : await handler();
    }

    // Pages of other origins see no other headers. Azure's own CORS has no setting for it.
    private static void ExposeHeaders(HttpContext http)
    {
        if (http.Request.Headers.Origin.Count > 0)
            http.Response.Headers.AccessControlExposeHeaders = "X-Turn-Id, Retry-After, WWW-Authenticate";
    }

    private ProblemResult Refuse(HttpContext http, AppError error)
    {
        LogRefused(error.Code, error.Message);
        if (error.Code == ErrorCode.Unauthorized)
            http.Response.Headers.WWWAuthenticate = Authentication.ChallengeFor(http.Request, error);
        return new ProblemResult(error, error.Code == ErrorCode.Internal ? StatusCodes.Status503ServiceUnavailable : null);
    }

    [LoggerMessage(401, LogLevel.Information, "A request was refused with {Code}: {Reason}")]
    private partial void LogRefused(ErrorCode code, string reason);
}
