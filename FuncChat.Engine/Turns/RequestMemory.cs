using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Turns;

/// <summary>
/// Bounds the bytes of requests that are being read and of turns that run in this process, with what the turns add to their conversations, so that large
/// conversations can't use up its memory. One user may hold a quarter of them.
/// </summary>
/// <remarks>What is larger than the bound is accepted while nothing else is held.</remarks>
public sealed class RequestMemory(IOptions<TurnOptions> options) : IDisposable
{
    private const int MaxUserShare = 4;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _beyondBounds = new(1);
    private readonly Dictionary<string, long> _ofUser = new(StringComparer.Ordinal);
    private long _total;

    /// <summary>Holds the bytes until the result is disposed, or returns an error if too many are held.</summary>
    public Result<HeldMemory> Hold(string user, long bytes)
    {
        lock (_lock)
            return FindErrorLocked(user, bytes, own: 0) is { } error ? error : HoldLocked(user, bytes);
    }

    /// <summary>Holds the bytes of a turn that is continued, which was admitted when it started.</summary>
    public HeldMemory HoldAdmitted(string user, long bytes)
    {
        lock (_lock)
            return HoldLocked(user, bytes);
    }

    /// <summary>
    /// Holds the bytes during work that is never refused, such as a deletion. Beyond the bounds, such work runs one at a time, so that it
    /// exceeds them by little.
    /// </summary>
    internal async Task<T> RunAsync<T>(string user, long bytes, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        if (Hold(user, bytes) is { Succeeded: true, Value: var within })
        {
            using (within)
                return await work();
        }

        await _beyondBounds.WaitAsync(cancellationToken);
        try
        {
            using var beyond = HoldAdmitted(user, bytes);
            return await work();
        }
        finally
        {
            _beyondBounds.Release();
        }
    }

    public void Dispose() => _beyondBounds.Dispose();

    /// <summary>Holds more. Returns an error if the user, or all users together, hold too much; the bytes are held anyway, since they are in use.</summary>
    internal AppError? Grow(string user, long bytes, long own)
    {
        lock (_lock)
        {
            var error = FindErrorLocked(user, bytes, own);
            AddLocked(user, bytes);
            return error;
        }
    }

    internal void Release(string user, long bytes)
    {
        lock (_lock)
            AddLocked(user, -bytes);
    }

    // What a turn holds itself does not count as something else.
    private AppError? FindErrorLocked(string user, long bytes, long own)
    {
        var limit = options.Value.MaxRequestBytes;
        var ofUser = _ofUser.GetValueOrDefault(user);
        if (ofUser > own && ofUser + bytes > limit / MaxUserShare)
            return TurnErrors.TooManyBytesOfUser(limit / MaxUserShare);
        return _total > own && _total + bytes > limit ? TurnErrors.TooManyBytesInTotal : null;
    }

    private HeldMemory HoldLocked(string user, long bytes)
    {
        AddLocked(user, bytes);
        return new HeldMemory(this, user, bytes);
    }

    private void AddLocked(string user, long bytes)
    {
        _total += bytes;
        var ofUser = _ofUser.GetValueOrDefault(user) + bytes;
        if (ofUser == 0)
            _ofUser.Remove(user);
        else
            _ofUser[user] = ofUser;
    }
}
