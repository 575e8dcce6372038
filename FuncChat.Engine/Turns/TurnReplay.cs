using System.Text.Json;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>Replays a stored turn for a handler.</summary>
/// <param name="ProgressId">The id of the last event that completed a step; 0 if there is none.</param>
/// <param name="LastId">The id of the last event; 0 if there is none.</param>
/// <param name="Status">The turn's status after it.</param>
/// <param name="WasParked">Whether the turn was parked at some time.</param>
internal sealed record TurnReplay(long ProgressId, long LastId, TurnStatus Status, bool WasParked)
{
    /// <summary>Reads the turn to its end.</summary>
    /// <param name="handler">Null reads the turn without it.</param>
    /// <exception cref="TurnStoreException">The store failed, or the stored turn is damaged.</exception>
    public static async Task<TurnReplay> RunAsync(ITurnReader reader, ITurnHandler? handler, CancellationToken cancellationToken)
    {
        var replay = new TurnReplay(0, 0, TurnStatus.Running, WasParked: false);
        while (await reader.ReadAsync(replay.LastId, cancellationToken) is { IsEmpty: false } page)
        {
            try
            {
                replay = replay.Apply(page, handler);
            }
            catch (Exception e) when (e is FormatException or JsonException)
            {
                throw new TurnStoreException(TurnStoreFailure.Damaged, "A stored turn contains an event that can't be read.", e);
            }
        }

        return replay;
    }

    private TurnReplay Apply(EventPage page, ITurnHandler? handler)
    {
        var replay = this with { LastId = page.LastId, Status = page.Status };
        for (var frames = page.Frames; !frames.IsEmpty;)
        {
            var length = StoredFrames.FirstLength(frames.Span);
            var frame = EventFrames.Parse(frames[..length]);
            if (!frame.IsText)
                replay = replay.Apply(frame, StoredFrames.StatusAfter(frames.Span[..length]), handler);
            frames = frames[length..];
        }

        return replay;
    }

    private TurnReplay Apply(TurnEventFrame frame, TurnStatus status, ITurnHandler? handler)
    {
        if (status == TurnStatus.Parked)
            return this with { WasParked = true, ProgressId = frame.Id };
        var turnEvent = frame.Decode();
        handler?.Replay(turnEvent);
        return turnEvent is StatusEvent or LlmRequestEvent or MessageResetEvent or ToolCallStartEvent or ToolCallProgressEvent
            ? this
            : this with { ProgressId = frame.Id };
    }
}
