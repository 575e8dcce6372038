using System.ComponentModel.DataAnnotations;
using FuncChat.Tools.Configuration;

namespace FuncChat.Azure.Usage;

/// <summary>Where instances share what they count of their users. Bound from `FuncChat:Usage`; without an account, each counts for itself.</summary>
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

    /// <summary>The table; made when it is first needed. Default `usage`.</summary>
    [RegularExpression("[A-Za-z][A-Za-z0-9]{2,62}", ErrorMessage = "must be 3 to 63 of A-Z, a-z and 0-9, a letter first")]
    public string Table { get; set; } = "usage";

    /// <summary>
    /// How long an instance works with the counts that it last read and wrote. Default 2 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan SyncInterval { get; set; } = TimeSpan.FromSeconds(2);
}
