namespace FuncChat.Engine;

/// <summary>Durations as they are in events: milliseconds, rounded to a tenth.</summary>
internal static class Milliseconds
{
    public static double Since(long timestamp, TimeProvider time) => Math.Round(time.GetElapsedTime(timestamp).TotalMilliseconds, 1);
}
