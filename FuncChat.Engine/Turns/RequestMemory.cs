using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Turns;

/// <summary>
/// Bounds the bytes of requests that are being read and of turns that run in this process, so that large conversations can't use up its memory. One user
/// may hold a quarter of them.
/// </summary>
/// <remarks>A request larger than the bound is accepted while nothing else is held.</remarks>
public sealed class RequestMemory(IOptions<TurnOptions> options)
{
    private const int MaxUserShare = 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _ofUser = new(StringComparer.Ordinal);
    private long _total;

    /// <summary>Holds the bytes until the result is disposed, or returns an error if too many are held.</summary>
    public Result<IDisposable> Hold(string user, long bytes)
    {
        var limit = options.Value.MaxRequestBytes;
        lock (_lock)
        {
            if (_ofUser.TryGetValue(user, out var own) && own + bytes > limit / MaxUserShare)
                return TurnErrors.TooManyBytesOfUser(limit / MaxUserShare);
            if (_total > 0 && _total + bytes > limit)
                return TurnErrors.TooManyBytesInTotal;
            return HoldLocked(user, bytes);
        }
    }

    /// <summary>Holds the bytes of a turn that is continued, which was admitted when it started.</summary>
    public IDisposable HoldAdmitted(string user, long bytes)
    {
        lock (_lock)
            return HoldLocked(user, bytes);
    }

    private Held HoldLocked(string user, long bytes)
    {
        _ofUser[user] = _ofUser.GetValueOrDefault(user) + bytes;
        _total += bytes;
        return new Held(this, user, bytes);
    }

    private void Release(string user, long bytes)
    {
        lock (_lock)
        {
            _total -= bytes;
            if ((_ofUser[user] -= bytes) == 0)
                _ofUser.Remove(user);
        }
    }

    private sealed class Held(RequestMemory memory, string user, long bytes) : IDisposable
    {
        private bool _released;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _released, true))
                memory.Release(user, bytes);
        }
    }
}
