using System.Buffers;
using System.Runtime.InteropServices;
using FuncChat.Engine.Events;
using FuncChat.Engine.Models;
using FuncChat.Engine.Turns;
using FuncChat.Tools;

namespace FuncChat.Engine.Chat;

/// <summary>
/// Joins pieces of text that arrive together into one event, since an event's frame is longer than the word or letter in it. Nothing waits: the caller
/// flushes before it waits for the next piece.
/// </summary>
internal sealed class TextPieces(TurnEventWriter events)
{
    // With pieces this long, the frame no longer counts.
    private const int MaxLength = 4096;

    private readonly ArrayBufferWriter<byte> _joined = new(256);
    private ModelChunkKind _kind;

    /// <param name="kind">Text, reasoning or a refusal.</param>
    /// <param name="escapedText">As <see cref="ModelChunk.EscapedText"/>.</param>
    public void Add(ModelChunkKind kind, ReadOnlySpan<byte> escapedText)
    {
        if (kind != _kind)
            End();
        else if (_joined.WrittenCount + escapedText.Length > MaxLength)
            Flush();
        _kind = kind;
        _joined.Write(escapedText);
    }

    /// <summary>Appends what has been joined as one event. The first half of a surrogate pair waits for the other.</summary>
    public void Flush()
    {
        if (_joined.WrittenCount == 0)
            return;
        var joined = MemoryMarshal.AsMemory(_joined.WrittenMemory).Span;
        var whole = LoneSurrogates.ReplaceIn(joined);
        if (whole > 0)
            Append(joined[..whole]);
        _joined.ResetWrittenCount();
        if (whole < joined.Length)
            _joined.Write(joined[whole..]);
    }

    /// <summary>Appends all that has been joined. A half without the other becomes U+FFFD.</summary>
    public void End()
    {
        Flush();
        if (_joined.WrittenCount == 0)
            return;
        Append(LoneSurrogates.Replace(_joined.WrittenMemory).Span);
        _joined.ResetWrittenCount();
    }

    private void Append(ReadOnlySpan<byte> escapedText)
    {
        if (_kind is ModelChunkKind.Refusal)
            events.Append(new DeltaEvent(new JsonText((byte[])[(byte)'"', .. escapedText, (byte)'"'])) { Refusal = true });
        else
            events.AppendText(_kind is ModelChunkKind.Text ? DeltaEvent.WireName : ReasoningEvent.WireName, escapedText);
    }
}
