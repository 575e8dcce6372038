namespace FuncChat.Engine.ToolRuns.Remote;

/// <summary>The delay between two polls, each of which reads the store: short at the start, since many runs are, then as long as runs wait between two reports.</summary>
internal sealed class PollingBackoff
{
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AfterChange = TimeSpan.FromSeconds(2);
    private const double Growth = 1.5;
    private TimeSpan _next = Shortest;

    public TimeSpan Next(bool changed)
    {
        var delay = changed && _next > AfterChange ? AfterChange : _next;
        _next = TimeSpan.FromTicks(Math.Min((long)(delay.Ticks * Growth), Longest.Ticks));
        return delay;
    }
}
