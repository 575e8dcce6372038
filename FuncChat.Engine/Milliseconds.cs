namespace FuncChat.Engine;

/// <summary>Durations as events tell them: milliseconds, to a tenth.</summary>
internal static class Milliseconds
{
    public static double Since(long timestamp, TimeProvider time) => Math.Round(time.GetElapsedTime(timestamp).TotalMilliseconds, 1);
}
