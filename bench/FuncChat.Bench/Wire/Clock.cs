using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FuncChat.Bench.Wire;

/// <summary>The one clock of upstream and client, in microseconds: Linux's monotonic clock, by which threads can also be woken.</summary>
internal static partial class Clock
{
    private const int Monotonic = 1;
    private const int Absolute = 1;

    public static long Microseconds => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);

    /// <summary>Blocks the thread until that time. A timer of .NET counts milliseconds, which is too coarse to pace 20,000 events a second.</summary>
    public static void SleepUntil(long microseconds)
    {
        var (seconds, rest) = Math.DivRem(microseconds, 1_000_000);
        _ = ClockNanoSleep(Monotonic, Absolute, new TimeSpec { Seconds = (nint)seconds, Nanoseconds = (nint)rest * 1000 }, 0);
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int ClockNanoSleep(int clock, int flags, in TimeSpec until, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
