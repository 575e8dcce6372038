using System.ComponentModel.DataAnnotations;

namespace FuncChat.Engine.Usage;

/// <summary>
/// How much each user may use. Bound from `FuncChat:Limits`. Applies to every user who signs in, to each API key, and to all callers together where
/// anyone may use the server; not to a server that answers its own machine only. `FuncChat:Turns` limits the turns that run at once.
/// </summary>
public sealed record QuotaOptions
{
    public const string Section = "FuncChat:Limits";

    /// <summary>Requests per minute. Default 120; 0 means unlimited.</summary>
    [Range(0, int.MaxValue)]
    public int RequestsPerMinute { get; set; } = 120;

    /// <summary>Tool calls run per day (UTC). Default 1,000; 0 means unlimited.</summary>
    [Range(0, int.MaxValue)]
    public int ToolRunsPerDay { get; set; } = 1000;

    /// <summary>Tokens that models read and write per day (UTC). Default 2,000,000; 0 means unlimited.</summary>
    [Range(typeof(long), "0", "9223372036854775807")]
    public long TokensPerDay { get; set; } = 2_000_000;

    /// <summary>Bytes stored for turns per day (UTC): their requests and their events. Default 1 GiB; 0 means unlimited.</summary>
    [Range(typeof(long), "0", "9223372036854775807")]
    public long BytesPerDay { get; set; } = 1024 * 1024 * 1024;

    /// <summary>Removes every limit. A value that is not valid stays, so that the validation refuses it.</summary>
    public void Lift() => (RequestsPerMinute, ToolRunsPerDay, TokensPerDay, BytesPerDay) =
        (Math.Min(RequestsPerMinute, 0), Math.Min(ToolRunsPerDay, 0), Math.Min(TokensPerDay, 0), Math.Min(BytesPerDay, 0));
}
