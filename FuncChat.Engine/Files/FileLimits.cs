using System.ComponentModel.DataAnnotations;

namespace FuncChat.Engine.Files;

/// <summary>What users may upload, and how long it is kept. Bound from `FuncChat:Files`.</summary>
public sealed record FileLimits
{
    public const string Section = "FuncChat:Files";

    /// <summary>The largest file, in bytes. Default 20 MiB.</summary>
    [Range(1024, 100 * 1024 * 1024)]
    public int MaxFileBytes { get; set; } = 20 * 1024 * 1024;

    /// <summary>Files of one user. Default 1,000.</summary>
    [Range(1, 100_000)]
    public int MaxPerUser { get; set; } = 1000;

    /// <summary>Bytes of one user's files. Default 1 GiB.</summary>
    [Range(typeof(long), "1048576", "1099511627776")]
    public long MaxBytesPerUser { get; set; } = 1024 * 1024 * 1024;

    /// <summary>How long a file that belongs to no thread is kept. A file of a thread is deleted with it. Default 30 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "36500.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);
}
