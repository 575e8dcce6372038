using FuncChat.Engine;

namespace FuncChat.Web.Formats;

/// <summary>Limits the time of a response without a stream, so that it ends before a proxy cuts its silent connection.</summary>
internal sealed class SilenceLimit(TimeSpan limit, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    /// <summary>Whether the time is over. Followers return at least once per heartbeat, so a caller checks it that often.</summary>
    public bool IsReached => time.GetElapsedTime(_started) >= limit;

    /// <summary>The error to send then. An SDK must not retry automatically: the same request would take as long.</summary>
    public AppError Error { get; } = new(
        ErrorCode.TurnTimeout,
        $"The response took longer than {limit.TotalSeconds:0} seconds, the limit of this server for a response without a stream. Set \"stream\": true.");
}
