using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace FuncChat.Engine.Events;

/// <summary>
/// An event as bytes: the frame of `text/event-stream` that clients read. The log holds the same bytes, so an event is serialized once for all its
/// readers. A frame ends with an empty line and has no other, since JSON escapes line ends.
/// </summary>
internal static class EventFrames
{
    // Far above the ids of any turn, and exact in a JSON number. The id of the next event must not overflow.
    private const long LargestId = 1L << 53;

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    /// <summary>The end of a frame, and of a log's header.</summary>
    public static ReadOnlySpan<byte> End => "\n\n"u8;

    internal static ReadOnlySpan<byte> IdField => "id: "u8;

    internal static ReadOnlySpan<byte> EventField => "\nevent: "u8;

    internal static ReadOnlySpan<byte> DataField => "\ndata: "u8;

    public static void Write(IBufferWriter<byte> buffer, long id, TurnEvent turnEvent)
    {
        var type = TurnEventCodec.TypeOf(turnEvent);
        WriteStart(buffer, id);
        buffer.Write(type.Utf8Name);
        buffer.Write(DataField);
        _json ??= new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = EngineJson.Relaxed.Options.Encoder, SkipValidation = true });
        _json.Reset(buffer);
        type.Write(_json, turnEvent);
        _json.Flush();
        buffer.Write(End);
    }

    /// <summary>Writes a `delta` or `reasoning` event from the inside of a JSON string. The hot path: it decodes and allocates nothing.</summary>
    public static void WriteText(IBufferWriter<byte> buffer, long id, ReadOnlySpan<byte> name, ReadOnlySpan<byte> escapedText)
    {
        WriteStart(buffer, id);
        buffer.Write(name);
        buffer.Write("\ndata: {\"content\":\""u8);
        buffer.Write(escapedText);
        buffer.Write("\"}\n\n"u8);
    }

    /// <summary>Splits a frame that <see cref="Write"/> or <see cref="WriteText"/> wrote, with or without its end, into its parts.</summary>
    /// <exception cref="FormatException">The bytes are not a frame.</exception>
    public static TurnEventFrame Parse(ReadOnlyMemory<byte> frame)
    {
        var span = frame.Span;
        var nameStart = span.IndexOf(EventField);
        var dataStart = span.IndexOf(DataField);
        if (nameStart < 0 || dataStart < nameStart || !TryParseId(span, out var id))
            throw new FormatException("A turn's log has bytes that are not an event.");
        var data = frame[(dataStart + DataField.Length)..];
        return new TurnEventFrame(
            id, frame[(nameStart + EventField.Length)..dataStart], data.Span.EndsWith(End) ? data[..^End.Length] : data);
    }

    /// <summary>Reads the id of the frame at the start of the bytes; false if no event can have it.</summary>
    public static bool TryParseId(ReadOnlySpan<byte> frame, out long id)
    {
        id = 0;
        return frame.StartsWith(IdField) && Utf8Parser.TryParse(frame[IdField.Length..], out id, out var digits) && id is > 0 and <= LargestId
            && frame[(IdField.Length + digits)..] is [(byte)'\n', ..]; // bytes after the digits would be the rest of another event
    }

    /// <summary>Whether the frame is one of the two that end a turn.</summary>
    public static bool EndsTurn(ReadOnlySpan<byte> frame)
    {
        var nameStart = frame.IndexOf(EventField);
        if (nameStart < 0)
            return false;
        var name = frame[(nameStart + EventField.Length)..];
        return name.StartsWith("complete\n"u8) || name.StartsWith("error\n"u8);
    }

    private static void WriteStart(IBufferWriter<byte> buffer, long id)
    {
        buffer.Write(IdField);
        var digits = buffer.GetSpan(20);
        Utf8Formatter.TryFormat(id, digits, out var written);
        buffer.Advance(written);
        buffer.Write(EventField);
    }
}
