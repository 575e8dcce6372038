using System.Diagnostics;

namespace FuncChat.Engine.Telemetry;

/// <summary>Suppresses spans of calls that repeat without information.</summary>
public static class SuppressedTracing
{
    /// <summary>
    /// Until the returned value is disposed, outgoing calls create no span here, nor at a server that honors the unsampled flag, as
    /// the Functions host does.
    /// </summary>
    /// <returns>Null if no span is current: there is no listener then.</returns>
    public static Activity? Begin()
    {
        if (Activity.Current is null)
            return null;
        var unrecorded = new Activity(nameof(SuppressedTracing)).Start();
        unrecorded.ActivityTraceFlags = ActivityTraceFlags.None;
        return unrecorded;
    }
}
