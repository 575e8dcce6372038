using System.ComponentModel.DataAnnotations;
using FuncChat.Tools.Configuration;

namespace FuncChat.Engine.Turns;

/// <summary>How turns behave. Bound from `FuncChat:Turns`; the tool rounds also from `MAX_TOOL_ITERATIONS`.</summary>
public sealed record TurnOptions
{
    public const string Section = "FuncChat:Turns";

    /// <summary>Rounds of tool calls before the model must answer. Default 5.</summary>
    [SettingName("MAX_TOOL_ITERATIONS")]
    [Range(1, 50)]
    public int MaxToolIterations { get; set; } = 5;

    /// <summary>Tool calls of one round that run at the same time. Default 4.</summary>
    [Range(1, 64)]
    public int ParallelToolCalls { get; set; } = 4;

    /// <summary>Tool calls of one round that are run; the others fail, and the model receives that as their result. Default 16.</summary>
    [Range(1, 128)]
    public int MaxToolCalls { get; set; } = 16;

    /// <summary>The longest that a turn may take from its start, long tool runs included; time that it is parked does not count. Default one hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a turn continues without a client that follows it. Default one minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan DetachedGrace { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a turn is kept after its last event. Default 24 hours.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Silence after which a stream is sent a comment, so that proxies do not cut it. Default 10 seconds. At most half of the 30 seconds after which
    /// clients consider a silent connection lost.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:15")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long text may wait for a write-behind store, where each write costs money. Default 1 second. Files are written at once.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:10")]
    public TimeSpan StoreInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a stopping server waits for turns to reach the end of a step; then they get up to 2 seconds to release their leases. Default 15 seconds, and 2
    /// in the Functions worker: the host's own limit must be longer than both.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ShutdownGrace { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Turns of one user at the same time. Default 20.</summary>
    [Range(1, int.MaxValue)]
    public int MaxPerUser { get; set; } = 20;

    /// <summary>Turns in this process at the same time. Default 10,000.</summary>
    [Range(1, int.MaxValue)]
    public int MaxPerProcess { get; set; } = 10_000;

    /// <summary>
    /// Bytes of the requests that this process reads and of its running turns, with what they have added to their conversations, and of the stored turns
    /// that requests read; one user may hold a quarter. A turn that grows beyond that is stopped. A request needs about four times its size in memory. Default 128 MiB.
    /// </summary>
    [Range(typeof(long), "1048576", "1099511627776")]
    public long MaxRequestBytes { get; set; } = 128 * 1024 * 1024;

    /// <summary>Bytes of one answer's text. Default 8 MiB.</summary>
    [Range(1024, int.MaxValue)]
    public int MaxAnswerBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Characters of a tool's result that the model is given. Default 100,000.</summary>
    [Range(1000, int.MaxValue)]
    public int MaxToolResult { get; set; } = 100_000;
}
