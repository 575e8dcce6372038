using System.ComponentModel.DataAnnotations;
using FuncChat.Tools.Configuration;

namespace FuncChat.Azure.Usage;

/// <summary>The table in which instances share their usage counts. Bound from `FuncChat:Usage`; without an account, counts are kept in files.</summary>
public sealed record UsageTableOptions
{
    public const string Section = "FuncChat:Usage";

    /// <summary>The account's table endpoint, reached by the app's identity, such as `https://name.table.core.windows.net`.</summary>
    [HttpUrl]
    [Example("https://name.table.core.windows.net")]
    public string? TableServiceUri { get; set; }

    /// <summary>The client id of the user-assigned identity to use, where there are several.</summary>
    public string? ClientId { get; set; }

    /// <summary>In place of the endpoint: a connection string, such as `UseDevelopmentStorage=true` for Azurite.</summary>
    [StorageConnectionString(isTable: true)]
    [Example("UseDevelopmentStorage=true")]
    public string? ConnectionString { get; set; }

    /// <summary>The table. It is created when it is first needed. Default `usage`.</summary>
    [RegularExpression(StorageNames.Table, ErrorMessage = StorageNames.TableRule)]
    public string Table { get; set; } = "usage";

    // Each write is billed, and a count that limits no user can wait.
    internal static readonly TimeSpan ReportInterval = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How often an instance writes its own counts and reads those of the others. Default 5 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan SyncInterval { get; set; } = TimeSpan.FromSeconds(5);
}
