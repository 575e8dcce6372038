using System.Text.Json;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>The head of a turn's log: all that another process needs to continue the turn.</summary>
internal sealed record TurnHeader(string TurnId, string User, DateTimeOffset Started, TurnRequest Request)
{
    /// <summary>The span in which the turn started, as W3C's `traceparent`; null if spans were not recorded.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The header as the log's first bytes: JSON and an empty line.</summary>
    public ReadOnlyMemory<byte> ToFrame(TurnKinds kinds)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, kinds.HeaderJson);

        // Messages are stored as they were sent, and JSON may have empty lines between its tokens. Strings have none.
        json.AsSpan().Replace((byte)'\n', (byte)' ');
        return (byte[])[.. json, .. EventFrames.End];
    }

    public static TurnHeader Parse(ReadOnlySpan<byte> frame, TurnKinds kinds) =>
        JsonSerializer.Deserialize(frame, kinds.HeaderJson) ?? throw new FormatException("A turn's log has no header.");

    /// <summary>Reads the header of a log; null if it is not written yet.</summary>
    public static async Task<TurnHeader?> ReadAsync(ITurnReader log, TurnKinds kinds, CancellationToken cancellationToken)
    {
        await foreach (var frame in EventLogReader.ReadAsync(log, 0, cancellationToken))
            return Parse(frame.Bytes.Span, kinds);
        return null;
    }
}
