namespace FuncChat.Engine.ToolRuns.Remote;

/// <summary>The delay between two polls, each of which reads the store: short at the start, since many runs are, then as long as a run waits between two reports.</summary>
internal sealed class PollingBackoff
{
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = ThrottledProgress.ShortestInterval;
    private const double Growth = 1.5;
    private TimeSpan _next = Shortest;

    public TimeSpan Next()
    {
        var delay = _next;
        _next = TimeSpan.FromTicks(Math.Min((long)(delay.Ticks * Growth), Longest.Ticks));
        return delay;
    }
}
