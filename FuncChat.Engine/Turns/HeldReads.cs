using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>
/// What a piece of work, such as a request, holds of <see cref="RequestMemory"/> for the turns that it reads. It flows with the work: whatever opens a turn within
/// it is counted, each turn once.
/// </summary>
public sealed class HeldReads : IDisposable
{
    private readonly Lock _lock = new();
    private readonly RequestMemory _memory;
    private readonly HeldReads? _outer;
    private readonly Dictionary<string, HeldMemory> _held = new(StringComparer.Ordinal);
    private IDisposable? _beyond;
    private bool _disposed;

    internal HeldReads(RequestMemory memory, HeldReads? outer, ReadLimit limit)
    {
        _memory = memory;
        _outer = outer;

        // What is admitted stays so, whatever is called for it.
        Limit = outer is { IsDisposed: false, Limit: ReadLimit.None } ? ReadLimit.None : limit;
    }

    internal ReadLimit Limit { get; }

    // Waiting for its own end, it would never continue.
    private bool IsBeyond
    {
        get
        {
            lock (_lock)
                return _beyond is not null || _outer?.IsBeyond == true;
        }
    }

    internal bool IsDisposed
    {
        get
        {
            lock (_lock)
                return _disposed;
        }
    }

    /// <summary>Continues the work where it has left the flow that began it, until the result is disposed.</summary>
    public IDisposable Resume() => _memory.Flow(this);

    /// <summary>Releases what was read so far: it has become part of something else that is counted.</summary>
    public void Release()
    {
        lock (_lock)
            ReleaseLocked();
    }

    public void Dispose()
    {
        _memory.Leave(this, _outer);
        lock (_lock)
        {
            _disposed = true;
            ReleaseLocked();
            _beyond?.Dispose();
            _beyond = null;
        }
    }

    /// <summary>Holds the bytes for a turn, until the work ends. More of the same turn is not refused.</summary>
    /// <param name="isMore">Whether the work was not refused when it began to read the turn.</param>
    /// <exception cref="TurnStoreException">The user, or all users together, hold too much.</exception>
    internal async ValueTask HoldAsync(TurnKey key, long bytes, bool isMore, CancellationToken cancellationToken)
    {
        var name = $"{key.TurnId} {key.User}";
        if (TryHold(name, key.User, bytes, isMore || IsBeyond) is not { } error)
            return;
        if (Limit == ReadLimit.Refuse)
            throw new TurnStoreException(TurnStoreFailure.Busy, error.Message) { Error = error };
        var beyond = await _memory.EnterBeyondAsync(cancellationToken);
        lock (_lock)
        {
            if (_disposed)
            {
                beyond.Dispose();
                return;
            }

            _beyond = beyond;
            HoldLocked(name, key.User, bytes);
        }
    }

    /// <summary>What this work, and that of which it is a step, holds of a user's memory.</summary>
    internal long HeldBy(string user)
    {
        lock (_lock)
            return _held.Values.Where(held => held.User == user).Sum(held => held.Bytes) + (_outer?.HeldBy(user) ?? 0);
    }

    /// <summary>Holds bytes of something else that is read, until the work ends. More of the same name is not refused.</summary>
    /// <returns>An error if the user, or all users together, hold too much.</returns>
    internal AppError? TryHold(string name, string user, long bytes, bool isAdmitted = false)
    {
        lock (_lock)
        {
            if (_disposed)
                return null;
            if (isAdmitted || Limit == ReadLimit.None || _held.ContainsKey(name))
            {
                HoldLocked(name, user, bytes);
                return null;
            }

            var held = _memory.Hold(user, bytes, own: HeldBy(user));
            if (!held.Succeeded)
                return held.Error;
            _held.Add(name, held.Value);
            return null;
        }
    }

    private void HoldLocked(string name, string user, long bytes)
    {
        if (!_held.TryGetValue(name, out var known))
            _held.Add(name, _memory.HoldAdmitted(user, bytes));
        else if (bytes > known.Bytes)
            known.Grow(bytes - known.Bytes);
    }

    private void ReleaseLocked()
    {
        foreach (var held in _held.Values)
            held.Dispose();
        _held.Clear();
    }
}

/// <summary>What becomes of work that would exceed the bounds of <see cref="RequestMemory"/> by the turns that it reads.</summary>
public enum ReadLimit
{
    /// <summary>It is refused: the client can try again.</summary>
    Refuse,

    /// <summary>It waits: beyond the bounds, such work runs one at a time. For stops and deletions, and for looks at the turns of others.</summary>
    Wait,

    /// <summary>It continues: it was admitted when its turn started, and an answer would be lost.</summary>
    None,
}
