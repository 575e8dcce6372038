using System.ComponentModel.DataAnnotations;

namespace FuncChat.Web;

/// <summary>What a request may hold. Bound from `FuncChat:Requests`.</summary>
public sealed record HttpApiOptions
{
    public const string Section = "FuncChat:Requests";

    /// <summary>The largest body, in bytes. Default 4 MiB.</summary>
    [Range(1024, 100 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>The most messages of a conversation. Default 1,000.</summary>
    [Range(1, 100_000)]
    public int MaxMessages { get; set; } = 1000;
}
