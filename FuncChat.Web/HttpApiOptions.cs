using System.ComponentModel.DataAnnotations;
using FuncChat.Tools.Configuration;

namespace FuncChat.Web;

/// <summary>The limits of requests. Bound from `FuncChat:Requests`.</summary>
public sealed record HttpApiOptions
{
    public const string Section = "FuncChat:Requests";

    /// <summary>The largest body, in bytes. Default 4 MiB.</summary>
    [Range(1024, 100 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>The most messages of a conversation. Default 1,000.</summary>
    [Range(1, 100_000)]
    public int MaxMessages { get; set; } = 1000;

    /// <summary>
    /// How long a response that is no stream may take before it is an error. Proxies cut a connection that is silent for minutes, without one. Default 24 hours,
    /// and 3.5 minutes in the Functions worker. It may take up to <see cref="Engine.Turns.TurnOptions.Heartbeat"/> longer.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxSilence { get; set; } = TimeSpan.FromDays(1);

    /// <summary>The address at which clients reach the server, behind a gateway or with a domain of its own; null where it is the one that the host knows.</summary>
    [HttpUrl]
    [Example("https://api.example.com")]
    public string? PublicUrl { get; set; }
}
