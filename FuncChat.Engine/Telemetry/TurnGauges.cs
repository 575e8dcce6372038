using System.Diagnostics.Metrics;
using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Telemetry;

/// <summary>What runs in this process now. It is read when a listener asks, about once a minute, and not counted in between.</summary>
internal static class TurnGauges
{
    public static void Add(Meter meter, RunningTurnRegistry turns)
    {
        meter.CreateObservableUpDownCounter("funcchat.turns.live", () => turns.All.Count, "{turn}", "Turns that run in this process.");
        meter.CreateObservableUpDownCounter(
            "funcchat.followers", () => turns.All.Sum(turn => (long)turn.Value.Followers), "{follower}", "Streams that follow turns of this process.");
        meter.CreateObservableUpDownCounter(
            "funcchat.log.queue", () => turns.All.Sum(turn => turn.Value.BytesToStore), "By", "Bytes of events that wait to be stored.");
    }
}
