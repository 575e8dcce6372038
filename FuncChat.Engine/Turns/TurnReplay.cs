using FuncChat.Engine.Events;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>A turn as its log has it.</summary>
/// <param name="Program">Its program, knowing what has happened; or what this server lacks to go on.</param>
/// <param name="LastId">The id of the last event, 0 where there is none.</param>
internal sealed record TurnReplay(TurnHeader Header, Result<ITurnHandler> Program, long LastId, bool Ended)
{
    /// <summary>Reads a log to its end.</summary>
    public static async Task<TurnReplay> ReadAsync(
        ITurnReader log, TurnKinds kinds, Func<TurnRequest, Result<ITurnHandler>> create, CancellationToken cancellationToken)
    {
        TurnReplay? replay = null;
        await foreach (var frame in EventLogReader.ReadAsync(log, 0, cancellationToken))
        {
            if (replay is null)
            {
                var header = TurnHeader.Parse(frame.Bytes.Span, kinds);
                replay = new TurnReplay(header, create(header.Request), 0, Ended: false);
                continue;
            }

            var stored = EventFrames.Parse(frame.Bytes);
            if (!stored.IsText)
                replay.Program.Value?.Replay(stored.Decode());
            replay = replay with { LastId = stored.Id, Ended = EventFrames.EndsTurn(frame.Bytes.Span) };
        }

        return replay ?? throw new FormatException("A turn log without a header.");
    }
}
