using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Engine.Turns;
using FuncChat.Web.Chat;
using FuncChat.Web.Http;
using FuncChat.Web.Turns;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Threads;

/// <summary>`/api/threads/{threadId}/turns`: reads, adds and deletes turns of a thread.</summary>
internal sealed class ThreadTurnApi(ThreadService threads, RequestBody bodies, RequestMemory memory, IOptions<HttpApiOptions> options, TimeProvider time)
{
    private const int MaxListed = 100;

    // Each attempt that fails lets a deletion of a turn succeed.
    private const int MaxAttempts = 3;

    // A page ends before the turn that exceeds them.
    private const long MaxListedBytes = 8 * 1024 * 1024;

    private static AppError InvalidEvents { get; } = new(ErrorCode.InvalidRequest, "The parameter events must be true or false.");

    private static AppError NoSuchTurn { get; } = new(ErrorCode.InvalidRequest, "The parameter after must be the id of a turn of the thread.");

    /// <summary>`GET`: the turns with their messages.</summary>
    public Task<IResult> ListAsync(HttpContext http) => ListAsync(http, attempt: 1);

    private async Task<IResult> ListAsync(HttpContext http, int attempt)
    {
        if (!ThreadResource.TryGetKey(http, out var key))
            return ThreadResource.Unknown();
        if (ListLimit.FindError(http.Request.Query, MaxListed, out var limit) is { } wrong)
            return new ProblemResult(wrong);
        if (!QueryFlag.TryRead(http.Request.Query, "events", out var withEvents))
            return new ProblemResult(InvalidEvents);
        var thread = await threads.ReadAsync(key, http.RequestAborted);
        if (!thread.Succeeded)
            return new ProblemResult(thread.Error);

        var after = http.Request.Query["after"].ToString();
        var turns = thread.Value.Turns.SkipWhile(turn => after.Length > 0 && turn.TurnId != after).ToList();
        if (after.Length > 0 && turns.Count == 0)
            return new ProblemResult(NoSuchTurn);
        var page = PageOf(turns.Skip(after.Length > 0 ? 1 : 0).Take(limit));
        var next = page.Count > 0 && page[^1] != thread.Value.Turns[^1] ? page[^1].TurnId : null;
        if (memory.HoldForResponse(http, key.User, 2 * page.Sum(turn => turn.Bytes)) is { } full)
            return new ProblemResult(full);
        var contents = await threads.ReadTurnsAsync(key, page, http.RequestAborted);
        if (!contents.Succeeded)
            return new ProblemResult(contents.Error);
        if (contents.Value.Contains(null) && attempt < MaxAttempts && !await threads.HasAllAsync(key, page, http.RequestAborted))
            return await ListAsync(http, attempt + 1);
        return TypedResults.Json(
            new ThreadTurnList([.. page.Zip(contents.Value, (turn, content) => ThreadTurnReport.Of(turn, content, withEvents))], next),
            WebJson.Relaxed.ThreadTurnList);
    }

    /// <summary>`PUT …/{turnId}`: adds a turn that has ended.</summary>
    public async Task<IResult> AddAsync(HttpContext http)
    {
        if (!ThreadResource.TryGetKey(http, out var key))
            return ThreadResource.Unknown();
        if (!TryGetTurnId(http, out var turnId))
            return new ProblemResult(TurnApi.InvalidId);
        var body = await bodies.ReadAsync(http, RequestJsonContext.Default.AddTurnRequest);
        if (!body.Succeeded)
            return new ProblemResult(body.Error);
        var content = ContentOf(body.Value);
        if (!content.Succeeded)
            return new ProblemResult(content.Error);
        var parentId = body.Value.ParentTurnId == ThreadPosition.Root ? null : body.Value.ParentTurnId;
        var turn = new ThreadTurn(turnId, parentId, ThreadTime.Read(body.Value.CreatedAt) ?? time.GetUtcNow());
        var thread = await threads.ImportTurnAsync(key, turn, content.Value, before => FindErrorOfOrder(before, content.Value), http.RequestAborted);
        return thread.Succeeded ? TypedResults.NoContent() : new ProblemResult(thread.Error);
    }

    /// <summary>`DELETE …/{turnId}`.</summary>
    public async Task<IResult> DeleteAsync(HttpContext http)
    {
        if (!ThreadResource.TryGetKey(http, out var key))
            return ThreadResource.Unknown();
        if (!TryGetTurnId(http, out var turnId))
            return new ProblemResult(TurnApi.InvalidId);
        return await threads.DeleteTurnAsync(key, turnId, known => ThreadResource.FindChange(http, known), http.RequestAborted) is { } error
            ? new ProblemResult(error)
            : TypedResults.NoContent();
    }

    private static List<ThreadTurn> PageOf(IEnumerable<ThreadTurn> turns)
    {
        var bytes = 0L;
        return [.. turns.TakeWhile((turn, index) => (bytes += turn.Bytes) <= MaxListedBytes || index == 0)];
    }

    private static bool TryGetTurnId(HttpContext http, out string turnId)
    {
        turnId = PathId.Of(http, "turnId");
        return TurnKey.IsTurnId(turnId);
    }

    private Result<ThreadTurnContent> ContentOf(AddTurnRequest request)
    {
        if ((ThreadTime.FindError(request.CreatedAt, time.GetUtcNow()) ?? FindErrorOfMessages(request.Messages!.Value, "$.messages")) is { } error)
            return error;
        if (request.ParentTurnId is not (null or ThreadPosition.Root) && !TurnKey.IsTurnId(request.ParentTurnId))
            return JsonField.Error("$.parent_turn_id", "This must be the id of a turn, or root.");
        var events = ClientEvents.Read(request.Events!.Value, "$.events");
        if (!events.Succeeded)
            return events.Error;
        var content = new ThreadTurnContent { Messages = [.. request.Messages!.Value.EnumerateArray().Select(RawJson.Of)], Events = events.Value };

        // The messages in the events become part of later conversations.
        foreach (var message in content.Transcript!.Messages)
        {
            using var document = JsonDocument.Parse(message.Utf8);
            if (MessageCheck.FindError(document.RootElement, "$.events") is { } invalid)
                return invalid;
            if (document.RootElement.GetProperty("role").GetString() is not ("assistant" or "tool"))
                return JsonField.Error("$.events", "The messages of a turn's events are those of the assistant and the tools.");
        }

        return content;
    }

    // A turn whose tool messages answer no call would make every later request to its branch fail.
    private AppError? FindErrorOfOrder(IReadOnlyList<RawJson> before, ThreadTurnContent content)
    {
        var first = before.Count;
        var answer = first + content.Messages.Count;
        var check = new ConversationCheck(
            options.Value.MaxMessages,
            pathOf: index => index < first ? "$.parent_turn_id" : index < answer ? $"$.messages[{index - first}]" : "$.events");
        return check.FindErrorOfOrder([.. before.Concat(content.Messages).Concat(content.Transcript!.Messages).Select(message => JsonElement.Parse(message.Utf8.Span))]);
    }

    private AppError? FindErrorOfMessages(JsonElement messages, string path)
    {
        if (messages.ValueKind == JsonValueKind.Array && messages.GetArrayLength() > options.Value.MaxMessages)
            return JsonField.Error(path, $"There are more than the {options.Value.MaxMessages} messages that this server accepts.");
        try
        {
            return MessageCheck.FindErrorOfAll(messages, path);
        }
        catch (InvalidOperationException)
        {
            return JsonField.Error(path, "The name of a field is not valid Unicode.");
        }
    }
}
