using FuncChat.Engine;

namespace FuncChat.Web.Formats;

/// <summary>The time that a response without a stream has, before a proxy would cut its silent connection.</summary>
internal sealed class SilenceLimit(TimeSpan limit, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    /// <summary>Whether the time is over. Followers return at least once per heartbeat, so it is noticed by then.</summary>
    public bool IsReached => time.GetElapsedTime(_started) >= limit;

    /// <summary>The error to send then. An SDK must not retry automatically: the same request would take as long.</summary>
    public AppError Error { get; } = new(
        ErrorCode.TurnTimeout,
        $"The response took longer than {limit.TotalSeconds:0} seconds, the limit of this server for a response without a stream. Set \"stream\": true.");
}
