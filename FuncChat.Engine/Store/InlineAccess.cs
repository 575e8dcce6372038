namespace FuncChat.Engine.Store;

/// <summary>
/// Decides whether a short file access may run on the caller's thread, which may be a socket's. In the page cache it takes microseconds, less
/// than a hop to another thread; on a disk that stalls it takes forever. So one at a time runs inline, and none for a while after a slow one:
/// the others go to <see cref="DiskThreads"/>.
/// </summary>
internal static class InlineAccess
{
    // Longer than a busy machine may keep a thread from running: mistaking that for a slow disk would cost a hop for each access.
    private const int SlowMilliseconds = 500;
    private const int CautiousMilliseconds = 1000;
    private const int MaxSpins = 50;

    private static int _busy;
    private static long _cautiousUntil;

    /// <summary>Whether the caller may access its file now. If so, it calls <see cref="Exit"/> afterward.</summary>
    /// <param name="start">What <see cref="Exit"/> needs.</param>
    public static bool TryEnter(out long start)
    {
        start = Environment.TickCount64;
        if (start < Volatile.Read(ref _cautiousUntil))
            return false;
        for (var spin = 0; Interlocked.CompareExchange(ref _busy, 1, 0) != 0; spin++)
        {
            if (spin == MaxSpins)
                return false;
            Thread.SpinWait(20);
        }

        return true;
    }

    public static void Exit(long start)
    {
        Volatile.Write(ref _busy, 0);
        ReportTime(start);
    }

    /// <summary>Reports an access on another thread that began at <paramref name="start"/>: as long as they are slow, none runs inline.</summary>
    public static void ReportTime(long start)
    {
        var now = Environment.TickCount64;
        if (now - start >= SlowMilliseconds)
            Volatile.Write(ref _cautiousUntil, now + CautiousMilliseconds);
    }
}
