using System.Threading.Channels;

namespace FuncChat.Engine.ToolRuns.Remote;

/// <summary>
/// Sends the latest snapshot, at most one every three seconds. Each report is a write to the store, so a long run reports less often: the interval grows to a
/// sixtieth of the run's duration.
/// </summary>
internal sealed class ThrottledProgress(Func<ToolRunSnapshot, Task> send, TimeProvider time)
{
    internal static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(3);
    private const int Share = 60;

    private readonly Channel<ToolRunSnapshot> _latest = Channel.CreateBounded<ToolRunSnapshot>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>Sets the snapshot to send next, in place of one that has not been sent yet.</summary>
    public void Offer(ToolRunSnapshot snapshot) => _latest.Writer.TryWrite(snapshot);

    /// <summary>Sends the offered snapshots until it is cancelled.</summary>
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
            // The run has ended; its result contains everything.
        }
    }
}
