using FuncChat.Engine;
using FuncChat.Engine.Threads;
using FuncChat.Engine.Turns;
using FuncChat.Web.Auth;
using FuncChat.Web.Files;
using FuncChat.Web.Http;
using FuncChat.Web.Limits;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Threads;

/// <summary>`/api/shared/{shareId}`: what the link of a shared thread shows. With `Sharing` set to `Anyone`, no sign-in is needed.</summary>
internal sealed class SharedThreadApi(
    ThreadShares shares, SharedThreadLimit limit, Authenticator authenticator, UserQuota quota, RequestMemory memory, IOptions<AuthSettings> auth)
{
    /// <summary>The one user for whom the memory of all requests without a sign-in is counted.</summary>
    public const string Strangers = "link";

    /// <summary>Whether requests need no sign-in. A server without sign-in checks where its callers are instead, for links too.</summary>
    public bool IsPublic => shares.Sharing == ThreadSharing.Anyone && auth.Value.SignInRequired;

    /// <summary>`GET`: the shared turns.</summary>
    public async Task<IResult> ReadAsync(HttpContext http)
    {
        var shareId = PathId.Of(http, "shareId");
        Hide(http);
        if (await TryCountAsync(http, shareId) is { } reached)
            return new ProblemResult(reached);
        var thread = await shares.FindAsync(shareId, http.RequestAborted);
        return !thread.Succeeded ? new ProblemResult(thread.Error)
            : HoldForResponse(http, TurnBatch.MostBytesInMemory(thread.Value.SharedTurns)) is { } full ? new ProblemResult(full)
            : new SharedThreadResult(shares, thread.Value);
    }

    /// <summary>`GET …/files/{fileId}`: a file that the shared messages refer to, for downloading. A browser neither runs nor shows it.</summary>
    public async Task<IResult> ReadFileAsync(HttpContext http)
    {
        var (shareId, fileId) = (PathId.Of(http, "shareId"), PathId.Of(http, "fileId"));
        Hide(http);
        if (await TryCountAsync(http, shareId) is { } reached)
            return new ProblemResult(reached);
        var file = await shares.FindFileAsync(shareId, fileId, http.RequestAborted);
        if (!file.Succeeded)
            return new ProblemResult(file.Error);
        if (HoldForResponse(http, file.Value.Bytes) is { } full)
            return new ProblemResult(full);
        var content = await shares.ReadContentAsync(file.Value, http.RequestAborted);
        return content.Succeeded ? FileDownload.Of(http, file.Value, content.Value) : new ProblemResult(content.Error);
    }

    // A text that can't be a link is never found, and takes nothing from the links that share its bucket. Users have limits of their own.
    private async ValueTask<AppError?> TryCountAsync(HttpContext http, string shareId)
    {
        if (!IsPublic || !ThreadShare.IsShareId(shareId))
            return null;
        var caller = await authenticator.AuthenticateAsync(http);
        return caller.Succeeded ? await quota.TryCountAsync(http, caller.Value) : limit.TryCount(shareId);
    }

    private AppError? HoldForResponse(HttpContext http, long bytes) => memory.HoldForResponse(http, IsPublic ? Strangers : Caller.UserOf(http), bytes);

    private static void Hide(HttpContext http) => http.Response.Headers["X-Robots-Tag"] = "noindex, nofollow";
}
