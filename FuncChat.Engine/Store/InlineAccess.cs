namespace FuncChat.Engine.Store;

/// <summary>
/// Decides whether a short file access may run on the caller's thread, which may be a socket's. In the page cache it takes microseconds, less
/// than a hop to another thread; on a disk that stalls it takes forever. So one at a time runs inline on the sockets' threads, one on those of the pool, and
/// none for a while after a slow one: the others go to <see cref="DiskThreads"/>. The next one waits a moment for its turn, since even that costs less than
/// the hop.
/// </summary>
internal static class InlineAccess
{
    // Longer than a busy machine may keep a thread from running: mistaking that for a slow disk would cost a hop for each access.
    private const int SlowMilliseconds = 500;
    private const int CautiousMilliseconds = 1000;
    private const int WaitMilliseconds = 2;

    // A thread of the pool that is stuck holds up no connection: the pool adds another.
    private static readonly Place OfPool = new();
    private static readonly Place OfSocket = new();
    private static long _cautiousUntil;

    private static Place OfCaller => Thread.CurrentThread.IsThreadPoolThread ? OfPool : OfSocket;

    /// <summary>Whether the caller may access its file now. If so, it calls <see cref="Exit"/> afterward, on the same thread.</summary>
    public static bool TryEnter()
    {
        var now = Environment.TickCount64;
        if (now < Volatile.Read(ref _cautiousUntil))
            return false;
        var place = OfCaller;
        if (place.Gate.TryEnter(WaitMilliseconds))
        {
            Volatile.Write(ref place.Entered, now);
            return true;
        }

        // No thread waits again until the access has taken as long once more: one that is stuck holds up the others ever more rarely.
        now = Environment.TickCount64;
        Volatile.Write(ref _cautiousUntil, now + Math.Min(now - Volatile.Read(ref place.Entered), CautiousMilliseconds));
        return false;
    }

    public static void Exit()
    {
        var place = OfCaller;
        var start = place.Entered;
        place.Gate.Exit();
        ReportTime(start);
    }

    /// <summary>Reports an access on another thread that began at <paramref name="start"/>: as long as they are slow, none runs inline.</summary>
    public static void ReportTime(long start)
    {
        var now = Environment.TickCount64;
        if (now - start >= SlowMilliseconds)
            Volatile.Write(ref _cautiousUntil, now + CautiousMilliseconds);
    }

    private sealed class Place
    {
        public readonly Lock Gate = new();
        public long Entered;
    }
}
