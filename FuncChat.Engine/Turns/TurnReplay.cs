using System.Text.Json;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>What the events of a stored turn amount to, as they are replayed for its handler.</summary>
/// <param name="ProgressId">The id of the last event that completed a step; 0 if there is none.</param>
/// <param name="LastId">The id of the last event; 0 if there is none.</param>
/// <param name="Status">The turn's status after it.</param>
/// <param name="TimeParked">How long the turn was parked, apart from <paramref name="ParkedSince"/>.</param>
/// <param name="ParkedSince">When the turn was parked, if it has not continued since.</param>
internal sealed record TurnReplay(long ProgressId, long LastId, TurnStatus Status, TimeSpan TimeParked, DateTimeOffset? ParkedSince)
{
    /// <summary>How long the turn was parked until now. A turn that is parked has not yet continued.</summary>
    public TimeSpan TimeParkedUntil(DateTimeOffset now) => TimeParked + Max(now - ParkedSince);

    public static TurnReplay Empty { get; } = new(0, 0, TurnStatus.Running, TimeSpan.Zero, null);

    /// <summary>Applies the next events.</summary>
    /// <param name="handler">Null reads them without it.</param>
    /// <exception cref="JsonException">An event can't be read.</exception>
    /// <exception cref="FormatException">An event can't be read.</exception>
    /// <exception cref="TurnStoreException">An event has an id that is not above that of the event before it.</exception>
    public TurnReplay Apply(EventPage page, ITurnHandler? handler)
    {
        var replay = this with { LastId = page.LastId, Status = page.Status };
        var lastId = LastId;
        foreach (var frame in StoredFrames.Split(page.Frames))
        {
            StoredFrames.CheckOrder(lastId, frame.Id);
            lastId = frame.Id;
            if (!frame.IsText)
                replay = replay.Apply(frame, handler);
        }

        return replay;
    }

    private TurnReplay Apply(TurnEventFrame frame, ITurnHandler? handler)
    {
        // What a newer version added does not change what this one does.
        if (frame.Decode() is not { } turnEvent)
            return this;
        handler?.Replay(turnEvent);
        return turnEvent switch
        {
            ParkedEvent parked => this with { ParkedSince = parked.At, ProgressId = frame.Id },
            RequestAnsweredEvent answered when ParkedSince is { } since =>
                this with { TimeParked = TimeParked + Max(answered.At - since), ParkedSince = null, ProgressId = frame.Id },
            StatusEvent or LlmRequestEvent or MessageResetEvent or ToolCallStartEvent or ToolCallProgressEvent => this,
            _ => this with { ProgressId = frame.Id },
        };
    }

    // The clocks of two instances may disagree.
    private static TimeSpan Max(TimeSpan? time) => time > TimeSpan.Zero ? time.Value : TimeSpan.Zero;
}
