using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>
/// Reads a turn as typed events, for responses that are not made of the log's own bytes. Wait, then read until there is no more, as with a
/// <see cref="System.Threading.Channels.ChannelReader{T}"/>. For one reader at a time; it does not dispose the follower.
/// </summary>
public sealed class TurnEventReader(TurnFollower follower) : IDisposable
{
    private const int InitialBuffer = 4 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBuffer);
    private int _start;
    private int _end;
    private int _frameLength;

    /// <summary>Waits until there is something to do.</summary>
    /// <returns>
    /// <see cref="FollowState.Data"/> if there is an event to read, <see cref="FollowState.Idle"/> if nothing happened for a while,
    /// <see cref="FollowState.End"/> if no more events come.
    /// </returns>
    public async ValueTask<FollowState> WaitAsync()
    {
        while (!FindFrame())
        {
            var state = await follower.WaitAsync();
            if (state != FollowState.Data)
                return state;
            MakeRoom();
            _end += await follower.ReadAsync(_buffer.AsMemory(_end));
        }

        return FollowState.Data;
    }

    /// <summary>Reads the next event, if it is there. Events that a newer version wrote and this one does not know are skipped.</summary>
    /// <exception cref="TurnStoreException">The turn is damaged.</exception>
    public bool TryRead(out long id, [NotNullWhen(true)] out TurnEvent? turnEvent)
    {
        while (FindFrame())
        {
            var frame = _buffer.AsMemory(_start, _frameLength);
            _start += _frameLength;
            _frameLength = 0;
            (id, turnEvent) = Decode(frame);
            if (turnEvent is not null)
                return true;
        }

        (id, turnEvent) = (0, null);
        return false;
    }

    /// <summary>Reads the events that are there.</summary>
    /// <exception cref="TurnStoreException">The turn is damaged.</exception>
    public void ReadAll(Action<long, TurnEvent> apply)
    {
        try
        {
            while (TryRead(out var id, out var turnEvent))
                apply(id, turnEvent);
        }
        catch (Exception e) when (TurnStoreException.IsOfData(e))
        {
            // The same events fail again.
            throw TurnStoreException.Unreadable(e);
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = _end = _frameLength = 0;
    }

    private static (long Id, TurnEvent? Event) Decode(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var frame = EventFrames.Parse(bytes);
            return (frame.Id, frame.TryDecode());
        }
        catch (Exception e) when (TurnStoreException.IsOfData(e))
        {
            // As in StoredFrames.Decode. Not by a lambda: this is for each event.
            throw TurnStoreException.Unreadable(e);
        }
    }

    private bool FindFrame()
    {
        if (_frameLength == 0 && _buffer.AsSpan(_start, _end - _start).IndexOf(EventFrames.End) is var end and >= 0)
            _frameLength = end + EventFrames.End.Length;
        return _frameLength > 0;
    }

    private void MakeRoom()
    {
        var unread = _buffer.AsSpan(_start, _end - _start);
        if (unread.Length < _buffer.Length)
        {
            unread.CopyTo(_buffer);
        }
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            unread.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        (_start, _end) = (0, unread.Length);
    }
}
