using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace FuncChat.Engine.Events;

/// <summary>
/// An event as bytes: the frame of `text/event-stream` that clients read. The log holds the same bytes, so an event is serialized once,
/// however many read it and whenever they do. A frame ends with an empty line and has none within, since JSON escapes line ends.
/// </summary>
internal static class EventFrames
{
    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    /// <summary>What a frame, and the header of a log, ends with.</summary>
    public static ReadOnlySpan<byte> End => "\n\n"u8;

    private static ReadOnlySpan<byte> IdField => "id: "u8;

    private static ReadOnlySpan<byte> EventField => "\nevent: "u8;

    private static ReadOnlySpan<byte> DataField => "\ndata: "u8;

    public static void Write(IBufferWriter<byte> buffer, long id, TurnEvent turnEvent)
    {
        WriteStart(buffer, id);
        Encoding.UTF8.GetBytes(EventName.Of(turnEvent), buffer);
        buffer.Write(DataField);
        if (turnEvent is MessageCompleteEvent completed)
            buffer.Write(completed.Message.Utf8.Span);
        else
            WriteJson(buffer, turnEvent);
        buffer.Write(End);
    }

    /// <summary>A `delta` or `reasoning` event, from the inside of a JSON string. The hot path: nothing is decoded or allocated.</summary>
    public static void WriteText(IBufferWriter<byte> buffer, long id, ReadOnlySpan<byte> name, ReadOnlySpan<byte> escapedText)
    {
        WriteStart(buffer, id);
        buffer.Write(name);
        buffer.Write("\ndata: {\"content\":\""u8);
        buffer.Write(escapedText);
        buffer.Write("\"}\n\n"u8);
    }

    /// <summary>Takes a frame apart. Only for frames that <see cref="Write"/> or <see cref="WriteText"/> wrote, with or without their end.</summary>
    /// <exception cref="FormatException">The bytes are no frame.</exception>
    public static (long Id, string Name, ReadOnlyMemory<byte> Data) Parse(ReadOnlyMemory<byte> frame)
    {
        var span = frame.Span;
        var nameStart = span.IndexOf(EventField);
        var dataStart = span.IndexOf(DataField);
        if (nameStart < 0 || dataStart < nameStart || !TryParseId(span, out var id))
            throw new FormatException("A turn log holds bytes that are no event.");
        var name = Encoding.UTF8.GetString(span[(nameStart + EventField.Length)..dataStart]);
        var data = frame[(dataStart + DataField.Length)..];
        return (id, name, data.Span.EndsWith(End) ? data[..^End.Length] : data);
    }

    /// <summary>The id of the frame that the bytes begin with.</summary>
    public static bool TryParseId(ReadOnlySpan<byte> frame, out long id)
    {
        id = 0;
        return frame.StartsWith(IdField) && Utf8Parser.TryParse(frame[IdField.Length..], out id, out _);
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

    /// <summary>
    /// The event of a frame, or null for a piece of text, and for `complete`: its data are each kind of turn's own, and nothing comes after it.
    /// </summary>
    public static TurnEvent? ToEvent(string name, ReadOnlyMemory<byte> data)
    {
        var json = EngineJson.Default;
        return name switch
        {
            EventName.Delta or EventName.Reasoning or EventName.CompleteEvent => null,
            EventName.MessageCompleteEvent => new MessageCompleteEvent(new RawJson(data)),
            EventName.Status => JsonSerializer.Deserialize(data.Span, json.StatusEvent),
            EventName.LlmRequestEvent => JsonSerializer.Deserialize(data.Span, json.LlmRequestEvent),
            EventName.LlmResponseEvent => JsonSerializer.Deserialize(data.Span, json.LlmResponseEvent),
            EventName.ToolCallStartEvent => JsonSerializer.Deserialize(data.Span, json.ToolCallStartEvent),
            EventName.ToolCallProgressEvent => JsonSerializer.Deserialize(data.Span, json.ToolCallProgressEvent),
            EventName.ToolCallResultEvent => JsonSerializer.Deserialize(data.Span, json.ToolCallResultEvent),
            EventName.MessageResetEvent => JsonSerializer.Deserialize(data.Span, json.MessageResetEvent),
            EventName.SearchStartEvent => JsonSerializer.Deserialize(data.Span, json.SearchStartEvent),
            EventName.SearchResultEvent => JsonSerializer.Deserialize(data.Span, json.SearchResultEvent),
            EventName.SearchErrorEvent => JsonSerializer.Deserialize(data.Span, json.SearchErrorEvent),
            EventName.PlanEvent => JsonSerializer.Deserialize(data.Span, json.PlanEvent),
            EventName.ErrorEvent => JsonSerializer.Deserialize(data.Span, json.ErrorEvent),
            _ => throw new FormatException($"A turn log holds an event of an unknown name, '{name}'."),
        };
    }

    private static void WriteStart(IBufferWriter<byte> buffer, long id)
    {
        buffer.Write(IdField);
        var digits = buffer.GetSpan(20);
        Utf8Formatter.TryFormat(id, digits, out var written);
        buffer.Advance(written);
        buffer.Write(EventField);
    }

    private static void WriteJson(IBufferWriter<byte> buffer, TurnEvent turnEvent)
    {
        _json ??= new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = EngineJson.Relaxed.Options.Encoder, SkipValidation = true });
        _json.Reset(buffer);
        JsonSerializer.Serialize(_json, turnEvent, turnEvent.GetType(), EngineJson.Relaxed);
        _json.Flush();
    }
}
