using System.Text.Json;
using System.Text.Json.Serialization;
using FuncChat.Engine;
using FuncChat.Engine.Threads;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Threads;

/// <summary>What a link shows, written turn by turn: it may be larger than what should be in memory.</summary>
internal sealed class SharedThreadResult(ThreadShares shares, ThreadDocument thread) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var aborted = httpContext.RequestAborted;
        var share = thread.Share!;
        var batches = TurnBatch.Split(thread.SharedTurns).ToList();

        // The first turns before the response starts: until then, the failure of a store has a status.
        var contents = await shares.ReadTurnsAsync(thread, batches is [var first, ..] ? first.Turns : [], aborted);
        if (!contents.Succeeded)
        {
            await new ProblemResult(contents.Error).ExecuteAsync(httpContext);
            return;
        }

        httpContext.Response.ContentType = "application/json";
        var head = JsonSerializer.Serialize(SharedThreadReport.Of(share), WebJson.Relaxed.SharedThreadReport);
        await httpContext.Response.WriteAsync(head[..^"]}".Length], aborted);
        string? parent = null;
        foreach (var (index, batch) in batches.Index())
        {
            contents = index == 0 ? contents : await shares.ReadTurnsAsync(thread, batch.Turns, aborted);
            if (!contents.Succeeded)
            {
                // Half a conversation must not look like a whole one.
                httpContext.Abort();
                return;
            }

            foreach (var (turn, content) in batch.Turns.Zip(contents.Value))
            {
                if (content is null)
                    continue;
                var json = JsonSerializer.Serialize(SharedTurnReport.Of(turn, parent, content), WebJson.Relaxed.SharedTurnReport);
                await httpContext.Response.WriteAsync(parent is null ? json : "," + json, aborted);
                parent = turn.TurnId;
            }
        }

        await httpContext.Response.WriteAsync("]}", aborted);
    }
}

/// <summary>A shared thread.</summary>
/// <param name="UpdatedAt">When its owner last updated what is shown.</param>
/// <param name="IncludeTools">Whether the calls of tools are shown.</param>
/// <param name="Turns">The shown turns, each of which follows the one before it.</param>
internal sealed record SharedThreadReport(
    string Id, string Title, DateTime CreatedAt, DateTime UpdatedAt, bool IncludeTools, [property: JsonPropertyOrder(1)] IReadOnlyList<SharedTurnReport> Turns)
{
    /// <summary>The instructions of the conversation. Absent unless its owner shares them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Instructions { get; init; }

    /// <summary>The report without its turns.</summary>
    public static SharedThreadReport Of(ThreadShare share) => new(
        share.Id, share.Title, share.CreatedAt.UtcDateTime, share.UpdatedAt.UtcDateTime, share.IncludesTools, [])
    {
        Instructions = share.Instructions,
    };
}

/// <summary>A turn of a shared thread: without reasoning, tokens, cost and approvals, and without the calls of tools unless its owner shares them.</summary>
/// <param name="Messages">The messages that the turn was started with, without system messages.</param>
/// <param name="Answer">The messages that the turn added.</param>
/// <param name="Events">The events of the turn with text in one piece.</param>
internal sealed record SharedTurnReport(
    string TurnId, ThreadTurnStatus Status, DateTime CreatedAt, IReadOnlyList<RawJson> Messages, IReadOnlyList<RawJson> Answer, IReadOnlyList<ThreadTurnEvent> Events)
{
    /// <summary>The turn that it follows. Absent for the first one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ParentTurnId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Model { get; init; }

    public static SharedTurnReport Of(ThreadTurn turn, string? parentId, ThreadTurnContent content) => new(
        turn.TurnId, turn.Status, turn.CreatedAt.UtcDateTime, content.Messages, content.Transcript?.Messages ?? [], content.Events ?? [])
    {
        ParentTurnId = parentId,
        Model = turn.Model,
    };
}
