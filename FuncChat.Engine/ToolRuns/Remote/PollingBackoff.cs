namespace FuncChat.Engine.ToolRuns.Remote;

/// <summary>How long to wait between two looks: short while things change, longer while they don't.</summary>
internal sealed class PollingBackoff
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(200);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private const double Growth = 1.5;
    private TimeSpan _next = Shortest;

    public TimeSpan Next(bool changed)
    {
        var wait = changed ? Shortest : _next;
        _next = TimeSpan.FromTicks(Math.Min((long)(wait.Ticks * Growth), Longest.Ticks));
        return wait;
    }
}
