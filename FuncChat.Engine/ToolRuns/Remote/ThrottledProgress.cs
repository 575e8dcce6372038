using System.Threading.Channels;

namespace FuncChat.Engine.ToolRuns.Remote;

/// <summary>
/// Sends the latest status, at most one a second. Each report stays in an orchestration's history and is replayed with it, so a run that
/// goes on for long tells of itself less often: the wait grows to a sixtieth of the time that the run has taken.
/// </summary>
internal sealed class ThrottledProgress(Func<RemoteToolRunStatus, Task> send, TimeProvider time)
{
    internal static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);
    private const int Share = 60;

    private readonly Channel<RemoteToolRunStatus> _latest = Channel.CreateBounded<RemoteToolRunStatus>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>Gives the status to be sent next, in place of one that still waits.</summary>
    public void Offer(RemoteToolRunStatus status) => _latest.Writer.TryWrite(status);

    /// <summary>Sends what is offered, until cancelled.</summary>
    public async Task SendAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            while (true)
            {
                await send(await _latest.Reader.ReadAsync(cancellationToken));
                var interval = TimeSpan.FromTicks(Math.Max(ShortestInterval.Ticks, time.GetElapsedTime(started).Ticks / Share));
                await Task.Delay(interval, time, cancellationToken);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The run has ended; its result tells the rest.
        }
    }
}
