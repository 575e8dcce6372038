namespace FuncChat.Engine.ToolRuns.Remote;

/// <summary>The delay between two polls, each of which reads the store: short while the run changes, longer while it doesn't. Runs report every two seconds at most.</summary>
internal sealed class PollingBackoff
{
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);
    private const double Growth = 1.5;
    private TimeSpan _next = Shortest;

    public TimeSpan Next(bool changed)
    {
        var delay = changed ? Shortest : _next;
        _next = TimeSpan.FromTicks(Math.Min((long)(delay.Ticks * Growth), Longest.Ticks));
        return delay;
    }
}
