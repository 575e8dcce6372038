using System.Diagnostics;

namespace FuncChat.Engine.Telemetry;

/// <summary>Marks what comes time and again, and says nothing.</summary>
public static class SuppressedTracing
{
    /// <summary>
    /// Until what this gives is disposed of, calls that leave make no span, neither here nor where they arrive, if that heeds the mark that they carry, as
    /// the Functions host does.
    /// </summary>
    /// <returns>Null where no span is current: nobody listens then.</returns>
    public static Activity? Begin()
    {
        if (Activity.Current is null)
            return null;
        var unrecorded = new Activity(nameof(SuppressedTracing)).Start();
        unrecorded.ActivityTraceFlags = ActivityTraceFlags.None;
        return unrecorded;
    }
}
