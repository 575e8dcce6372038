using System.Text.Json;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>The header of a stored turn: all that is needed to continue the turn elsewhere.</summary>
internal sealed record TurnHeader(string TurnId, string User, DateTimeOffset Started, TurnRequest Request)
{
    /// <summary>The span in which the turn began, as W3C's `traceparent`; null if there was none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The header as bytes: JSON and an empty line.</summary>
    public ReadOnlyMemory<byte> ToFrame(TurnKinds kinds)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, kinds.HeaderJson);

        // Messages are kept as they were sent, and JSON may contain empty lines between its tokens, though not within strings.
        json.AsSpan().Replace((byte)'\n', (byte)' ');
        return (byte[])[.. json, .. EventFrames.End];
    }

    /// <exception cref="TurnStoreException">The bytes are not a header.</exception>
    public static TurnHeader Parse(ReadOnlySpan<byte> frame, TurnKinds kinds)
    {
        try
        {
            return JsonSerializer.Deserialize(frame, kinds.StoredHeaderJson) is { Request.IsWhole: true } header
                ? header
                : throw new TurnStoreException(TurnStoreFailure.Damaged, "A stored turn has an incomplete header.");
        }
        catch (Exception e) when (TurnStoreException.IsOfData(e))
        {
            throw new TurnStoreException(TurnStoreFailure.Damaged, "A stored turn has a header that can't be read.", e);
        }
    }
}
