using System.Text.Json.Serialization;
using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Engine.Models;
using FuncChat.Engine.Threads;

namespace FuncChat.Web.Threads;

/// <summary>A thread in a list.</summary>
/// <param name="Etag">Changes with each change of the thread: send it in `If-Match`.</param>
internal sealed record ThreadListItem(
    string Id, string Title, DateTime CreatedAt, DateTime UpdatedAt, bool Archived, int TurnCount, string Etag)
{
    /// <summary>The model of turns that name none. Absent if there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Model { get; init; }

    /// <summary>The turn that has not ended, if there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RunningTurnId { get; init; }

    /// <summary>What its turns cost, in the currency of the server's prices. Absent if no model has a price.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? Cost { get; init; }

    /// <summary>The folder that the user has put it into. Absent if it is in none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Folder { get; init; }

    /// <summary>The client's own object.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [RawJson("JsonObject")]
    public RawJson? Metadata { get; init; }

    /// <summary>The id of the link that shows the thread to others. Absent if it is not shared.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ShareId { get; init; }

    /// <summary>When what the link shows was last updated.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? SharedAt { get; init; }

    public static ThreadListItem Of(ThreadSummary thread) => new(
        thread.Id, thread.Title, thread.CreatedAt.UtcDateTime, thread.UpdatedAt.UtcDateTime, thread.Archived, thread.TurnCount,
        ThreadETag.Of(thread.CreatedAt, thread.Version))
    {
        Model = thread.Model,
        RunningTurnId = thread.RunningTurnId,
        Cost = thread.Cost,
        Folder = thread.Folder,
        Metadata = thread.Metadata,
        ShareId = thread.ShareId,
        SharedAt = thread.SharedAt?.UtcDateTime,
    };
}

/// <summary>Some threads, the one that changed last first.</summary>
/// <param name="Next">The value of `after` for the next page. Absent on the last one.</param>
internal sealed record ThreadList(
    IReadOnlyList<ThreadListItem> Threads, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next);

/// <summary>A thread, without the contents of its turns.</summary>
/// <param name="Etag">Changes with each change of the thread: send it in `If-Match`.</param>
/// <param name="Turns">The turns in the order in which they were added.</param>
internal sealed record ThreadReport(
    string Id, string Title, DateTime CreatedAt, DateTime UpdatedAt, bool Archived, string Etag, IReadOnlyList<ThreadTurnItem> Turns)
{
    /// <summary>The model of turns that name none. Absent if there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Model { get; init; }

    /// <summary>What its turns cost, in the currency of the server's prices. Absent if no model has a price.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? Cost { get; init; }

    /// <summary>The tools of turns that name none. Absent if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Tools { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SystemPrompt { get; init; }

    /// <summary>The folder that the user has put it into. Absent if it is in none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Folder { get; init; }

    /// <summary>The client's own object.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [RawJson("JsonObject")]
    public RawJson? Metadata { get; init; }

    /// <summary>The link that shows the thread to others. Absent if it is not shared.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ThreadShareReport? Share { get; init; }

    public static ThreadReport Of(ThreadDocument thread) => new(
        thread.Id, thread.Title, thread.CreatedAt.UtcDateTime, thread.UpdatedAt.UtcDateTime, thread.Archived, ThreadETag.Of(thread.CreatedAt, thread.Version),
        [.. thread.Turns.Select(ThreadTurnItem.Of)])
    {
        Model = thread.Model,
        Cost = thread.Cost,
        Tools = thread.Tools,
        SystemPrompt = thread.SystemPrompt,
        Folder = thread.Folder,
        Metadata = thread.Metadata,
        Share = thread.Share is { } share ? ThreadShareReport.Of(share) : null,
    };
}

/// <summary>A turn of a thread, without its content.</summary>
/// <param name="Status">`running` until it has ended, also while it waits for a person.</param>
internal sealed record ThreadTurnItem(string TurnId, ThreadTurnStatus Status, DateTime CreatedAt)
{
    /// <summary>The turn that it follows. Absent for one at the beginning.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ParentTurnId { get; init; }

    public static ThreadTurnItem Of(ThreadTurn turn) => new(turn.TurnId, turn.Status, turn.CreatedAt.UtcDateTime) { ParentTurnId = turn.ParentId };
}

/// <summary>Some turns of a thread, in the order in which they were added.</summary>
/// <param name="Next">The value of `after` for the next page. Absent on the last one.</param>
internal sealed record ThreadTurnList(
    IReadOnlyList<ThreadTurnReport> Turns, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next);

/// <summary>A turn of a thread.</summary>
/// <param name="Status">`running` until it has ended, also while it waits for a person.</param>
/// <param name="Messages">The messages that the turn was started with.</param>
/// <param name="Answer">The messages that the turn added, the assistant's and the tools'. Empty while it runs.</param>
internal sealed record ThreadTurnReport(
    string TurnId, ThreadTurnStatus Status, DateTime CreatedAt, IReadOnlyList<RawJson> Messages, IReadOnlyList<RawJson> Answer)
{
    /// <summary>The turn that it follows. Absent for one at the beginning.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ParentTurnId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? EndedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Model { get; init; }

    /// <summary>True if the stored messages of the turn are damaged and can't be read; absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Damaged { get; init; }

    /// <summary>The tokens that the turn used. Absent while it runs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelUsage? Usage { get; init; }

    /// <summary>The error that ended the turn, if one did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ErrorEvent? Error { get; init; }

    /// <summary>With `events=true`: the turn's events with text in one piece, without those that only show progress. Absent while it runs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ThreadTurnEvent>? Events { get; init; }

    public static ThreadTurnReport Of(ThreadTurn turn, ThreadTurnContent? content, bool withEvents)
    {
        var transcript = content?.Transcript;
        return new ThreadTurnReport(turn.TurnId, turn.Status, turn.CreatedAt.UtcDateTime, content?.Messages ?? [], transcript?.Messages ?? [])
        {
            ParentTurnId = turn.ParentId,
            EndedAt = turn.EndedAt?.UtcDateTime,
            Model = turn.Model,
            Damaged = content?.IsDamaged == true ? true : null,
            Usage = transcript?.Usage,
            Error = transcript?.Error is { } error ? ErrorEvent.Of(error) : null,
            Events = withEvents ? content?.Events : null,
        };
    }
}

/// <summary>A whole thread, for its user to keep.</summary>
/// <param name="Format">`funcchat-thread/1`.</param>
internal sealed record ThreadExport(string Format, ThreadReport Thread, IReadOnlyList<ThreadTurnReport> Turns)
{
    public const string FormatName = "funcchat-thread/1";
}
