using FuncChat.Engine;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Turns;

/// <summary>
/// Answers requests of the caller's own turns, for protocols whose next request carries the answers. Which requests a turn has, and which answer counts,
/// follows from its log alone.
/// </summary>
internal sealed class RequestAnswers(TurnService turns, CallerRights rights, TimeProvider time)
{
    /// <summary>Sends the answers, and continues the turn. The same decision again, or one that comes too late, is no error; one that contradicts an earlier answer is.</summary>
    /// <returns>An error, or the completion of the turn if this call continued it.</returns>
    public async Task<Result<Task>> SendAsync(HttpContext http, string turnId, IReadOnlyList<GivenAnswer> answers)
    {
        var caller = Caller.Of(http);
        var (now, own) = (time.GetUtcNow(), rights.Of(caller, caller.User));
        var (error, completion) = await turns.SignalAsync(
            new TurnKey(caller.User, turnId),
            [.. answers.Select(answer => answer.ToContinuation(caller.User, now, own))],
            continues: true, http.RequestAborted);
        return error is null || (error.Code == ErrorCode.Conflict && error != RequestErrors.AlreadyAnswered) ? completion : error;
    }
}
