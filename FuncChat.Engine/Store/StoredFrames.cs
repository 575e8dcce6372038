using FuncChat.Engine.Events;

namespace FuncChat.Engine.Store;

/// <summary>Reads ids and the turn's status from whole frames.</summary>
internal static class StoredFrames
{
    /// <summary>
    /// Decodes what is stored. Code that trusts it can fail in many ways when a disk has changed a byte: whichever way it fails, the turn is damaged, and the client
    /// must not try again.
    /// </summary>
    /// <exception cref="TurnStoreException">The turn is damaged.</exception>
    public static T Decode<T>(Func<T> decode)
    {
        try
        {
            return decode();
        }
        catch (Exception e) when (TurnStoreException.IsOfData(e))
        {
            throw TurnStoreException.Unreadable(e);
        }
    }

    /// <inheritdoc cref="Decode{T}"/>
    public static void Decode(Action decode) => Decode(() =>
    {
        decode();
        return true;
    });

    /// <summary>Splits whole frames into each of them.</summary>
    /// <exception cref="FormatException">One of them is not an event.</exception>
    public static IEnumerable<TurnEventFrame> Split(ReadOnlyMemory<byte> frames)
    {
        while (!frames.IsEmpty)
        {
            var length = FirstLength(frames.Span);
            yield return EventFrames.Parse(frames[..length]);
            frames = frames[length..];
        }
    }

    /// <summary>The last of some whole frames.</summary>
    public static ReadOnlySpan<byte> LastOf(ReadOnlySpan<byte> frames)
    {
        var start = frames[..^EventFrames.End.Length].LastIndexOf(EventFrames.End);
        return start < 0 ? frames : frames[(start + EventFrames.End.Length)..];
    }

    /// <summary>The length of the first of some whole frames.</summary>
    public static int FirstLength(ReadOnlySpan<byte> frames) => frames.IndexOf(EventFrames.End) + EventFrames.End.Length;

    /// <summary>The id of the frame that the bytes start with.</summary>
    /// <exception cref="TurnStoreException">The bytes are not an event.</exception>
    public static long IdOf(ReadOnlySpan<byte> frame) => EventFrames.TryParseId(frame, out var id)
        ? id
        : throw new TurnStoreException(TurnStoreFailure.Damaged, "A stored turn contains bytes that are not an event.");

    /// <summary>Checks that an event has an id above that of the event before it.</summary>
    /// <exception cref="TurnStoreException">It does not.</exception>
    public static void CheckOrder(long previousId, long id)
    {
        if (id <= previousId)
            throw new TurnStoreException(TurnStoreFailure.Damaged, $"Event {id} of a stored turn comes after event {previousId}.");
    }

    /// <summary>Checks that the last of some whole frames has an id above that of the frame before it, if there is one.</summary>
    /// <exception cref="TurnStoreException">It does not, or one of them is not an event.</exception>
    public static void CheckLast(ReadOnlySpan<byte> frames)
    {
        var last = LastOf(frames);
        if (last.Length < frames.Length)
            CheckOrder(IdOf(LastOf(frames[..^last.Length])), IdOf(last));
    }

    /// <summary>The length of those frames that have ids up to <paramref name="afterId"/>.</summary>
    /// <exception cref="TurnStoreException">The id of one of them, or of the next, is not above that of the one before it.</exception>
    public static int LengthThrough(ReadOnlySpan<byte> frames, long afterId)
    {
        var (length, id) = (0, 0L);
        while (length < frames.Length)
        {
            var previousId = id;
            id = IdOf(frames[length..]);
            CheckOrder(previousId, id);
            if (id > afterId)
                break;
            length += FirstLength(frames[length..]);
        }

        return length;
    }

    /// <summary>The turn's status after the event.</summary>
    public static TurnStatus StatusAfter(ReadOnlySpan<byte> frame) =>
        EventFrames.EndsTurn(frame) ? TurnStatus.Ended
        : frame.IndexOf("\nevent: parked\n"u8) is var parked and >= 0 && parked == frame.IndexOf((byte)'\n') ? TurnStatus.Parked
        : TurnStatus.Running;
}
