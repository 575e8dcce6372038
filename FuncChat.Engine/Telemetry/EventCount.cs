using System.Diagnostics.Metrics;

namespace FuncChat.Engine.Telemetry;

/// <summary>
/// Counts events. A counter of the library would look for listeners at each; this is one add for all that was read at once, and is read when
/// a listener asks.
/// </summary>
internal sealed class EventCount
{
    private long _events;

    public EventCount(Meter meter) => meter.CreateObservableCounter(
        "funcchat.events", () => Volatile.Read(ref _events), "{event}", "Events that turns have shown to those who follow them.");

    public void Add(long count) => Interlocked.Add(ref _events, count);
}
