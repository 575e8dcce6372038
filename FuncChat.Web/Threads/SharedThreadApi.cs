using FuncChat.Engine;
using FuncChat.Engine.Threads;
using FuncChat.Engine.Turns;
using FuncChat.Web.Auth;
using FuncChat.Web.Http;
using FuncChat.Web.Limits;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Threads;

/// <summary>`/api/shared/{shareId}`: what the link of a shared thread shows. With `Sharing` set to `Anyone`, no sign-in is needed.</summary>
public sealed class SharedThreadApi
{
    /// <summary>The one user for whom the memory of all requests without a sign-in is counted.</summary>
    internal const string Strangers = "link";

    private const string Prefix = "/api/shared/";

    private readonly ThreadShares _shares;
    private readonly SharedThreadLimit _limit;
    private readonly Authenticator _authenticator;
    private readonly UserQuota _quota;
    private readonly RequestMemory _memory;
    private readonly bool _isPublic;

    internal SharedThreadApi(
        ThreadShares shares, SharedThreadLimit limit, Authenticator authenticator, UserQuota quota, RequestMemory memory, IOptions<AuthSettings> auth)
    {
        _authenticator = authenticator;
        _quota = quota;
        _shares = shares;
        _limit = limit;
        _memory = memory;

        // A server without sign-in checks where its callers are instead, for links too.
        _isPublic = shares.Sharing == ThreadSharing.Anyone && auth.Value.SignInRequired;
    }

    /// <summary>Whether requests need no sign-in.</summary>
    internal bool IsPublic => _isPublic;

    /// <summary>`GET`: the shared turns.</summary>
    public async Task<IResult> ReadAsync(HttpContext http)
    {
        var (shareId, _) = PathOf(http);
        Hide(http);
        if (await FindReachedAsync(http, shareId) is { } reached)
            return new ProblemResult(reached);
        var thread = await _shares.FindAsync(shareId, http.RequestAborted);
        return !thread.Succeeded ? new ProblemResult(thread.Error)
            : FindFull(http, TurnBatch.MostBytesInMemory(thread.Value.SharedTurns)) is { } full ? new ProblemResult(full)
            : new SharedThreadResult(_shares, thread.Value);
    }

    /// <summary>`GET …/files/{fileId}`: a file that the shared messages refer to, for downloading. A browser neither runs nor shows it.</summary>
    public async Task<IResult> ReadFileAsync(HttpContext http)
    {
        var (shareId, fileId) = PathOf(http);
        Hide(http);
        if (await FindReachedAsync(http, shareId) is { } reached)
            return new ProblemResult(reached);
        var file = await _shares.FindFileAsync(shareId, fileId, http.RequestAborted);
        if (!file.Succeeded)
            return new ProblemResult(file.Error);
        if (FindFull(http, file.Value.Bytes) is { } full)
            return new ProblemResult(full);
        var content = await _shares.ReadContentAsync(file.Value, http.RequestAborted);
        if (!content.Succeeded)
            return new ProblemResult(content.Error);
        http.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'; frame-ancestors 'none'";
        return TypedResults.File(content.Value, file.Value.MediaType, file.Value.Name);
    }

    // A text that can't be a link is never found, and takes nothing from the links that share its bucket. Users have limits of their own.
    private async ValueTask<AppError?> FindReachedAsync(HttpContext http, string shareId)
    {
        if (!_isPublic || !ThreadShare.IsShareId(shareId))
            return null;
        var caller = await _authenticator.AuthenticateAsync(http);
        return caller.Succeeded ? await _quota.FindReachedAsync(http, caller.Value) : _limit.FindReached(shareId);
    }

    private AppError? FindFull(HttpContext http, long bytes) => _memory.FindFull(http, _isPublic ? Strangers : Caller.UserOf(http), bytes);

    private static void Hide(HttpContext http) => http.Response.Headers["X-Robots-Tag"] = "noindex, nofollow";

    // From the path: only one of the hosts sets route values.
    private static (string ShareId, string FileId) PathOf(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        var parts = path.Length > Prefix.Length ? path[Prefix.Length..].Split('/') : [""];
        return (parts[0], parts.Length > 2 ? parts[2] : "");
    }
}
