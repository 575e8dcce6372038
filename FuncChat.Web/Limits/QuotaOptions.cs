using System.ComponentModel.DataAnnotations;

namespace FuncChat.Web.Limits;

/// <summary>
/// How much each user may use. Bound from `FuncChat:Limits`. Applies to each signed-in user, and to all callers together if
/// anonymous access is enabled; not to the server's own machine. `FuncChat:Turns` limits concurrent turns.
/// </summary>
public sealed record QuotaOptions
{
    public const string Section = "FuncChat:Limits";

    /// <summary>Requests in a minute. Default 120; 0 means unlimited.</summary>
    [Range(0, int.MaxValue)]
    public int RequestsPerMinute { get; set; } = 120;

    /// <summary>Tool calls run in a day (UTC). Default 1,000; 0 means unlimited.</summary>
    [Range(0, int.MaxValue)]
    public int ToolRunsPerDay { get; set; } = 1000;

    /// <summary>Tokens that models read and write in a day (UTC). Default 2,000,000; 0 means unlimited.</summary>
    [Range(typeof(long), "0", "9223372036854775807")]
    public long TokensPerDay { get; set; } = 2_000_000;
}
