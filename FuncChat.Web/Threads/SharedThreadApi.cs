using FuncChat.Engine.Threads;
using FuncChat.Web.Auth;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Threads;

/// <summary>`/api/shared/{shareId}`: what the link of a shared thread shows. With `Sharing` set to `Anyone`, no sign-in is needed.</summary>
public sealed class SharedThreadApi
{
    private const string Prefix = "/api/shared/";

    private readonly ThreadShares _shares;
    private readonly SharedThreadLimit _limit;
    private readonly bool _isPublic;

    internal SharedThreadApi(ThreadShares shares, SharedThreadLimit limit, IOptions<AuthSettings> auth)
    {
        _shares = shares;
        _limit = limit;

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
        if (_isPublic && _limit.FindReached(shareId) is { } reached)
            return new ProblemResult(reached);
        var thread = await _shares.FindAsync(shareId, http.RequestAborted);
        return thread.Succeeded ? new SharedThreadResult(_shares, thread.Value) : new ProblemResult(thread.Error);
    }

    /// <summary>`GET …/files/{fileId}`: a file that the shared messages refer to, for downloading. A browser neither runs nor shows it.</summary>
    public async Task<IResult> ReadFileAsync(HttpContext http)
    {
        var (shareId, fileId) = PathOf(http);
        Hide(http);
        if (_isPublic && _limit.FindReached(shareId) is { } reached)
            return new ProblemResult(reached);
        var file = await _shares.ReadFileAsync(shareId, fileId, http.RequestAborted);
        if (!file.Succeeded)
            return new ProblemResult(file.Error);
        http.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'; frame-ancestors 'none'";
        return TypedResults.File(file.Value.Content, file.Value.File.MediaType, file.Value.File.Name);
    }

    private static void Hide(HttpContext http) => http.Response.Headers["X-Robots-Tag"] = "noindex, nofollow";

    // From the path: only one of the hosts sets route values.
    private static (string ShareId, string FileId) PathOf(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        var parts = path.Length > Prefix.Length ? path[Prefix.Length..].Split('/') : [""];
        return (parts[0], parts.Length > 2 ? parts[2] : "");
    }
}
