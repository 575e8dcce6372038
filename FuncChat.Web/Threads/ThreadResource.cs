using FuncChat.Engine;
using FuncChat.Engine.Threads;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Threads;

/// <summary>The thread that the path of a request names.</summary>
internal static class ThreadResource
{
    private static AppError InvalidId { get; } =
        new(ErrorCode.NotFound, "There is no such thread: a thread's id has 8 to 64 letters, digits, '_' and '-'.");

    /// <summary>Reads the key; false if no thread can have the id.</summary>
    public static bool TryGetKey(HttpContext http, out ThreadKey key)
    {
        var id = PathId.Of(http, "threadId");
        key = new ThreadKey(Caller.UserOf(http), id);
        return ThreadKey.IsThreadId(id);
    }

    /// <summary>The answer to a request whose path names no thread.</summary>
    public static IResult Unknown() => new ProblemResult(InvalidId);

    /// <summary>Why the `If-Match` of a request does not allow a change of the thread as it is now; null if it does. No client can know the ETag of a damaged one.</summary>
    public static AppError? FindChange(HttpContext http, ThreadDocument thread) =>
        thread.IsDamaged ? null : ThreadETag.FindError(http.Request, ThreadETag.Of(thread.CreatedAt, thread.Version));
}
