using FuncChat.Engine;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Threads;

/// <summary>`/api/threads/{threadId}/share`: shares a thread of the caller by a link, and stops sharing it.</summary>
internal sealed class ThreadShareApi(ThreadShares shares, RequestBody bodies)
{
    /// <summary>`POST`: shares the thread, or updates what its link shows.</summary>
    public async Task<IResult> ShareAsync(HttpContext http)
    {
        if (!ThreadResource.TryGetKey(http, out var key))
            return ThreadResource.Unknown();
        var body = await bodies.ReadAsync(http, RequestJsonContext.Default.ShareThreadRequest);
        if (!body.Succeeded)
            return new ProblemResult(body.Error);
        if (body.Value.FindError() is { } error)
            return new ProblemResult(error);
        var thread = await shares.ShareAsync(key, body.Value.ToContent(), http.RequestAborted);
        if (!thread.Succeeded)
            return new ProblemResult(thread.Error);
        var share = thread.Value.Share!;
        var status = share.CreatedAt == share.UpdatedAt ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        return TypedResults.Json(ThreadShareReport.Of(share), WebJson.Relaxed.ThreadShareReport, statusCode: status);
    }

    /// <summary>`DELETE`: stops sharing the thread.</summary>
    public async Task<IResult> StopAsync(HttpContext http)
    {
        if (!ThreadResource.TryGetKey(http, out var key))
            return ThreadResource.Unknown();
        return await shares.StopAsync(key, http.RequestAborted) is { } error ? new ProblemResult(error) : TypedResults.NoContent();
    }
}

/// <summary>The body of `POST /api/threads/{threadId}/share`.</summary>
internal sealed record ShareThreadRequest
{
    /// <summary>The last turn to show: the link shows the branch that ends with it. Absent: the turn that was added last.</summary>
    [Text(64)]
    public string? TurnId { get; init; }

    /// <summary>Whether the link shows the instructions (system prompt) of the conversation. `false` by default.</summary>
    public bool? IncludeInstructions { get; init; }

    /// <summary>Whether the link shows the calls of tools, with their arguments and results. `false` by default.</summary>
    public bool? IncludeTools { get; init; }

    public AppError? FindError() =>
        TurnId is null || TurnKey.IsTurnId(TurnId) ? null : JsonField.Error("$.turn_id", "A turn's id has 8 to 64 letters, digits, '_' and '-'.");

    public ShareContent ToContent() => new(TurnId, IncludeInstructions == true, IncludeTools == true);
}

/// <summary>A link that shows a thread to others.</summary>
/// <param name="Id">The secret of the link: `GET /api/shared/{id}` returns what it shows.</param>
/// <param name="UpdatedAt">When what it shows was last updated.</param>
/// <param name="TurnId">The last turn that it shows.</param>
/// <param name="IncludeInstructions">Whether it shows the instructions.</param>
/// <param name="IncludeTools">Whether it shows the calls of tools.</param>
internal sealed record ThreadShareReport(string Id, DateTime CreatedAt, DateTime UpdatedAt, string TurnId, bool IncludeInstructions, bool IncludeTools)
{
    public static ThreadShareReport Of(ThreadShare share) => new(
        share.Id, share.CreatedAt.UtcDateTime, share.UpdatedAt.UtcDateTime, share.Turns[^1].TurnId, share.Instructions is not null, share.IncludesTools);
}
