using FuncChat.Engine;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Engine.Turns;
using FuncChat.Web.Formats.Responses;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Responses;

/// <summary>`/api/v1/responses/{id}`: reads, follows and cancels responses.</summary>
internal sealed class ResponseResourceApi(
    StoredResponses responses, ResponseResults results, DeletedResponses deleted, TurnService turns, ThreadTurns threads, TurnRemoval removal)
{
    private static readonly string[] IncludeParameters = ["include", "include[]"];

    private static AppError InvalidNumber { get; } =
        JsonField.Error("$.starting_after", "starting_after must be the sequence_number of the last event that you have.");

    private static AppError InvalidStream { get; } = JsonField.Error("$.stream", "This must be true or false.");

    private static AppError InvalidInclude { get; } = JsonField.Error("$.include", $"This must be one of: {string.Join(", ", ResponseRules.Includable)}.");

    private static AppError InConversation { get; } =
        new(ErrorCode.Conflict, "The response belongs to a conversation. Delete the turn, or the conversation, at /api/threads.");

    /// <summary>`GET`: the response as it is now or, with `stream=true`, its events after `starting_after`.</summary>
    public async Task<IResult> ReadAsync(HttpContext http)
    {
        if (!TryReadNumber(http.Request, out var startingAfter))
            return new ProblemResult(InvalidNumber);
        if (!TryReadStream(http.Request, out var stream))
            return new ProblemResult(InvalidStream);
        if (!IsIncludable(http.Request))
            return new ProblemResult(InvalidInclude);
        var read = await ReadStoredAsync(http);
        if (!read.Succeeded)
            return new ProblemResult(read.Error);
        if (!stream || HttpMethods.IsHead(http.Request.Method))
        {
            // A client that polls follows the response, too.
            return read.Value.IsRunning && await threads.ContinueAbandonedAsync(KeyOf(http, read.Value), http.RequestAborted) is { } error
                ? new ProblemResult(error)
                : ResponseResults.Of(read);
        }

        return await results.FollowAsync(http, read.Value.View with { StartingAfter = startingAfter });
    }

    /// <summary>`POST …/cancel`: stops the response.</summary>
    public async Task<IResult> CancelAsync(HttpContext http)
    {
        var read = await ReadStoredAsync(http);
        if (!read.Succeeded)
            return new ProblemResult(read.Error);
        if (await turns.StopAsync(KeyOf(http, read.Value), http.RequestAborted) is { } error)
            return new ProblemResult(error);
        return ResponseResults.Of(await ReadStoredAsync(http));
    }

    /// <summary>`DELETE`: deletes the response, which is stopped if it has not ended, and with the last response of a turn, the turn.</summary>
    public async Task<IResult> DeleteAsync(HttpContext http)
    {
        var read = await ReadStoredAsync(http);
        if (!read.Succeeded)
            return StoredTurns.IsDamage(read.Error) ? await DeleteDamagedAsync(http) : new ProblemResult(read.Error);
        var response = read.Value;
        if (response.Request.ThreadId is not null)
            return new ProblemResult(InConversation);
        var key = KeyOf(http, response);
        var error = response.IsOnlyOne ? await removal.RemoveAsync(turns, key, http.RequestAborted) : await DeletePartAsync(key, response, http.RequestAborted);
        return Deleted(response.View.Id, error);
    }

    /// <summary>`GET …/input_items`: what the response was made of.</summary>
    public async Task<IResult> InputItemsAsync(HttpContext http)
    {
        if (!IsIncludable(http.Request))
            return new ProblemResult(InvalidInclude);
        var read = await ReadStoredAsync(http);
        if (!read.Succeeded)
            return new ProblemResult(read.Error);
        var page = ResponseInputItems.Page(read.Value, http.Request.Query);
        return page.Succeeded ? TypedResults.Json(page.Value, ResponsesJson.Relaxed.ResponseItemList) : new ProblemResult(page.Error);
    }

    // Of a damaged turn, no other response can be read either. A thread keeps the messages of its turns itself.
    private async Task<IResult> DeleteDamagedAsync(HttpContext http)
    {
        var id = IdIn(http)!;
        return Deleted(id, await removal.RemoveAsync(turns, new TurnKey(Caller.UserOf(http), id.TurnId), http.RequestAborted));
    }

    private static IResult Deleted(ResponseId id, AppError? error) => error is null
        ? TypedResults.Json(new DeletedResponse(id.ToString(), "response", true), ResponsesJson.Relaxed.DeletedResponse)
        : new ProblemResult(error);

    private async Task<AppError?> DeletePartAsync(TurnKey key, ReadResponse response, CancellationToken cancellationToken)
    {
        if (response.IsLatest && await turns.StopAsync(key, cancellationToken) is { Code: not ErrorCode.NotFound } notStopped)
            return notStopped;
        await deleted.MarkAsync(key, response.View.Id, cancellationToken);
        return null;
    }

    private Task<Result<ReadResponse>> ReadStoredAsync(HttpContext http) =>
        responses.ReadAsync(Caller.UserOf(http), IdIn(http), http.RequestAborted);

    private static TurnKey KeyOf(HttpContext http, ReadResponse response) => new(Caller.UserOf(http), response.View.Id.TurnId);

    private static ResponseId? IdIn(HttpContext http) => ResponseId.Parse(PathId.Of(http, "responseId"));

    private static bool TryReadNumber(HttpRequest request, out long number)
    {
        number = -1;
        var text = request.Query["starting_after"].ToString();
        return text.Length == 0 || WholeNumber.TryRead(text, out number);
    }

    private static bool TryReadStream(HttpRequest request, out bool stream) => QueryFlag.TryRead(request.Query, "stream", out stream);

    // Has no effect, as in the request that creates a response. OpenAI's clients repeat `include[]`.
    private static bool IsIncludable(HttpRequest request) =>
        IncludeParameters.SelectMany(name => request.Query[name].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries))
            .All(asked => ResponseRules.Includable.Contains(asked, StringComparer.Ordinal));
}
