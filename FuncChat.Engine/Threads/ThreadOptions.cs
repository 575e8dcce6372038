using System.ComponentModel.DataAnnotations;

namespace FuncChat.Engine.Threads;

/// <summary>How threads are kept. Bound from `FuncChat:Threads`.</summary>
public sealed record ThreadOptions
{
    public const string Section = "FuncChat:Threads";

    private const string NoTitleModel = "none";

    /// <summary>How long a thread is kept after its last change. Default 365 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "36500.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(365);

    /// <summary>
    /// The model that writes the titles of new threads, as `provider:name`; its tokens count as the user's. By default, the title is the first line of the
    /// first message, and the page asks the model of a new chat for another one. `none` keeps the first line everywhere.
    /// </summary>
    public string? TitleModel { get; set; }

    /// <summary>
    /// Who may open the links of shared threads: `Users` (default) for everyone who may use this server, `Anyone` for everyone who has the link, even without
    /// signing in, or `Off`.
    /// </summary>
    public ThreadSharing Sharing { get; set; } = ThreadSharing.Users;

    /// <summary>Threads of one user. Default 2,000.</summary>
    [Range(1, 100_000)]
    public int MaxPerUser { get; set; } = 2000;

    /// <summary>Turns of one thread. Default 1,000.</summary>
    [Range(1, 10_000)]
    public int MaxTurns { get; set; } = 1000;

    /// <summary>Bytes of the conversation that a turn of a thread continues. Default 16 MiB.</summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public int MaxConversationBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Bytes of one user's threads. Default 1 GiB.</summary>
    [Range(typeof(long), "1048576", "1099511627776")]
    public long MaxBytesPerUser { get; set; } = 1024 * 1024 * 1024;

    /// <summary>The model that writes titles on the server; null for none.</summary>
    internal string? ServerTitleModel => TitleModel is { Length: > 0 } and not NoTitleModel ? TitleModel : null;

    /// <summary>Whether clients may ask a model for the titles of their chats, since the settings leave it to them.</summary>
    public bool TitlesByClient => TitleModel is not { Length: > 0 };
}
