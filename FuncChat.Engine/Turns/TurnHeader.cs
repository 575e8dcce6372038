using System.Text.Json;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>The head of a turn's log: all that is needed to continue the turn elsewhere.</summary>
internal sealed record TurnHeader(string TurnId, string User, DateTimeOffset Started, TurnRequest Request)
{
    /// <summary>The span in which the turn began, as W3C's `traceparent`; null where nobody listened.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The header as the log's first bytes: JSON, and an empty line.</summary>
    public ReadOnlyMemory<byte> ToFrame()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, EngineJson.Relaxed.TurnHeader);

        // Messages are kept as they were sent, and JSON may hold empty lines between its tokens. Within strings there are none.
        json.AsSpan().Replace((byte)'\n', (byte)' ');
        return (byte[])[.. json, .. EventFrames.End];
    }

    public static TurnHeader Parse(ReadOnlySpan<byte> frame) =>
        JsonSerializer.Deserialize(frame, EngineJson.Default.TurnHeader) ?? throw new FormatException("A turn log without a header.");

    /// <summary>The header of a log; null where it is not written yet.</summary>
    public static async Task<TurnHeader?> ReadAsync(ITurnReader log, CancellationToken cancellationToken)
    {
        await foreach (var frame in EventLogReader.ReadAsync(log, 0, cancellationToken))
            return Parse(frame.Bytes.Span);
        return null;
    }
}
