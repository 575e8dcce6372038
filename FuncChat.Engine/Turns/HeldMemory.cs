namespace FuncChat.Engine.Turns;

/// <summary>Bytes of a request or a turn that <see cref="RequestMemory"/> counts until they are disposed.</summary>
public sealed class HeldMemory : IDisposable
{
    private readonly RequestMemory _memory;
    private long _bytes;
    private bool _released;

    internal HeldMemory(RequestMemory memory, string user, long bytes) => (_memory, User, _bytes) = (memory, user, bytes);

    internal string User { get; }

    /// <summary>The bytes that are held.</summary>
    internal long Bytes => _bytes;

    /// <summary>Holds more bytes. Not thread-safe: one turn appends.</summary>
    /// <returns>An error if the user, or all users together, hold too much.</returns>
    internal AppError? Grow(long bytes)
    {
        var error = _memory.Grow(User, bytes, _bytes);
        _bytes += bytes;
        return error;
    }

    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _released, true))
            _memory.Release(User, _bytes);
    }
}
