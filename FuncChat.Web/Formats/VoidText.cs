using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Formats;

/// <summary>
/// The text of a turn that a crash made void: that of a model call before its `message_reset`. For a stream that starts after the crash, and leaves it out.
/// </summary>
/// <param name="limit">The id of the last event that was stored when the stream started. Later text is not left out, even if it becomes void.</param>
internal sealed class VoidText(long limit = long.MaxValue)
{
    private readonly List<(long From, long To)> _ranges = [];
    private long _call;
    private long _last;

    /// <summary>Whether the turn was interrupted, and is continued for the stream.</summary>
    public bool IsContinued { get; set; }

    /// <summary>The id of the last event before the stream started.</summary>
    public long Limit => Math.Min(limit, _last);

    /// <summary>Reads the void text of a turn that exists. If the store fails, it is not left out, as in a stream that has begun.</summary>
    public static async Task<VoidText> ReadAsync(StoredTurns stored, HttpContext http, string turnId, bool isContinued)
    {
        var voidText = new VoidText { IsContinued = isContinued };
        await stored.ReadEventsAsync(new TurnKey(Caller.UserOf(http), turnId), voidText.Apply, http.RequestAborted);
        return voidText;
    }

    /// <summary>Adds an event that was stored.</summary>
    public void Apply(long id, TurnEvent turnEvent)
    {
        if (turnEvent is LlmRequestEvent { Tool: null })
            _call = id;
        else if (turnEvent is MessageCompleteEvent)
            _call = 0;
        else if (turnEvent is MessageResetEvent && _last <= limit)
            _ranges.Add((_call, id));
        _last = id;
    }

    /// <summary>Whether the event is such text, or makes text void.</summary>
    /// <param name="after">
    /// The last event that the client has. Text of which it may have a part is not left out: the event that makes it void tells the client. After that event, it knows.
    /// </param>
    public bool Includes(long id, long after) =>
        _ranges.Exists(range => id > range.From && id <= range.To && (after <= range.From || after >= range.To));

    /// <summary>
    /// Whether the event belongs to a model call that was open when the stream started: its text is void if a reset is the first event after it. Only where the
    /// turn is continued is that known soon.
    /// </summary>
    public bool MayInclude(long id, long after) => IsContinued && _call > 0 && after <= _call && id > _call && id <= Limit;
}
