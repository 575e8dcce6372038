using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;
using FuncChat.Engine.Events;

namespace FuncChat.Engine.Store;

/// <summary>
/// Checks stored frames that a follower is sent as they are, without being decoded: each has its three fields, an id above the one before it, and data that is JSON.
/// A text is scanned and not parsed, since there are a million of them a second. A changed letter of a text is not found.
/// </summary>
/// <param name="stopsAtEnd">Whether what a log has after the event that ends the turn, which nothing here writes, is left out.</param>
internal sealed class FrameCheck(bool stopsAtEnd = false)
{
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_"u8);
    private static readonly JsonReaderOptions DeepJson = new() { MaxDepth = 1000 };

    private static ReadOnlySpan<byte> TextStart => "{\"content\":\""u8;

    private static ReadOnlySpan<byte> TextEnd => "\"}"u8;

    private bool _isDamaged;
    private bool _hasEnded;

    /// <summary>The part of a page before its first damaged frame, and up to the end of the turn if the check stops there.</summary>
    /// <param name="afterId">The id of the event before the page.</param>
    /// <exception cref="TurnStoreException">The first frame is damaged, or one of an earlier page was.</exception>
    public EventPage ValidPart(EventPage page, long afterId)
    {
        if (_hasEnded)
            return new EventPage(default, afterId, TurnStatus.Ended);
        var frames = page.Frames.Span;
        var isUtf8 = Utf8.IsValid(frames);
        var (length, lastId) = (0, afterId);
        while (!_isDamaged && !_hasEnded && length < frames.Length && LengthOf(frames[length..], lastId, out var id) is var frame and > 0
            && (isUtf8 || Utf8.IsValid(frames.Slice(length, frame))))
        {
            _hasEnded = stopsAtEnd && EventFrames.EndsTurn(frames.Slice(length, frame));
            (length, lastId) = (length + frame, id);
        }

        if (!_isDamaged && length == frames.Length)
            return page;
        if (_hasEnded)
            return new EventPage(page.Frames[..length], lastId, TurnStatus.Ended);

        // Events are found by their ids: after a damaged one, the store may skip some, or find none.
        _isDamaged = true;
        return length > 0 ? new EventPage(page.Frames[..length], lastId, TurnStatus.Running)
            : throw new TurnStoreException(TurnStoreFailure.Damaged, "A stored turn contains bytes that are not an event.");
    }

    /// <summary>Whether a frame's parts are those of an event, which may be one of a newer version.</summary>
    public static bool IsEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) =>
        name.Length > 0 && !name.ContainsAnyExcept(NameBytes) && data.Length > 0 && IsObject(data) && Utf8.IsValid(data);

    // The length of the first frame; 0 if it is damaged.
    private static int LengthOf(ReadOnlySpan<byte> frames, long afterId, out long id)
    {
        if (!EventFrames.TryParseId(frames, out id) || id <= afterId)
            return 0;
        var idEnd = frames.IndexOf((byte)'\n');
        if (idEnd < 0 || !Utf8Formatter.TryFormat(id, stackalloc byte[20], out var digits) || idEnd != EventFrames.IdField.Length + digits || !frames[idEnd..].StartsWith(EventFrames.EventField))
            return 0;
        var nameStart = idEnd + EventFrames.EventField.Length;
        var nameLength = frames[nameStart..].IndexOf((byte)'\n');
        var dataField = nameStart + nameLength;
        if (nameLength <= 0 || frames.Slice(nameStart, nameLength).ContainsAnyExcept(NameBytes) || !frames[dataField..].StartsWith(EventFrames.DataField))
            return 0;
        var dataStart = dataField + EventFrames.DataField.Length;
        var dataLength = frames[dataStart..].IndexOf((byte)'\n');
        return dataLength > 0 && frames[(dataStart + dataLength)..].StartsWith(EventFrames.End) && IsObject(frames.Slice(dataStart, dataLength))
            ? dataStart + dataLength + EventFrames.End.Length
            : 0;
    }

    private static bool IsObject(ReadOnlySpan<byte> json)
    {
        if (json.StartsWith(TextStart) && JsonStringBytes.LengthOf(json[TextStart.Length..]) is var text and >= 0 && json[(TextStart.Length + text)..].SequenceEqual(TextEnd))
            return true;
        if (json[0] != '{')
            return false;
        try
        {
            var reader = new Utf8JsonReader(json, DeepJson);
            while (reader.Read())
            {
                // To the end.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
