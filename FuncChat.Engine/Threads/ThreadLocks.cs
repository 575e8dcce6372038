namespace FuncChat.Engine.Threads;

/// <summary>
/// Lets the requests of this process that change the same thread wait for each other, in the order in which they came. Without it, each would overtake others that
/// have read the thread and must read it again. Correctness depends on the ETag alone: other processes are not locked out, and no request waits for long.
/// </summary>
internal sealed class ThreadLocks(TimeProvider time)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly Dictionary<ThreadKey, Entry> _entries = [];

    /// <summary>Waits until no other request of this process changes the thread, or for a second. Dispose the result after the change.</summary>
    public async Task<IDisposable> EnterAsync(ThreadKey key, CancellationToken cancellationToken)
    {
        var entry = Rent(key);
        var isEntered = false;
        try
        {
            isEntered = entry.Gate.Wait(0, CancellationToken.None) || await WaitAsync(entry.Gate, cancellationToken);
        }
        finally
        {
            if (!isEntered)
                Return(entry);
        }

        return isEntered ? new Held(this, entry) : NotHeld.Instance;
    }

    private async Task<bool> WaitAsync(SemaphoreSlim gate, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await gate.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private Entry Rent(ThreadKey key)
    {
        lock (_entries)
        {
            if (!_entries.TryGetValue(key, out var entry))
                _entries[key] = entry = new Entry(key);
            entry.Users++;
            return entry;
        }
    }

    private void Return(Entry entry)
    {
        lock (_entries)
        {
            if (--entry.Users == 0)
                _entries.Remove(entry.Key);
        }
    }

    private sealed class Entry(ThreadKey key)
    {
        public ThreadKey Key => key;

        public int Users { get; set; }

        public SemaphoreSlim Gate { get; } = new(1, 1);
    }

    private sealed class Held(ThreadLocks locks, Entry entry) : IDisposable
    {
        public void Dispose()
        {
            entry.Gate.Release();
            locks.Return(entry);
        }
    }

    private sealed class NotHeld : IDisposable
    {
        public static NotHeld Instance { get; } = new();

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
