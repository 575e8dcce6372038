using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace FuncChat.Engine.Threads;

/// <summary>A read-only link to a thread, which shows the thread as it was when it was shared.</summary>
/// <param name="Id">The secret of the link.</param>
/// <param name="UpdatedAt">When its owner last updated what it shows.</param>
/// <param name="Title">The title that it shows.</param>
/// <param name="Turns">The turns that it shows, in order. One that is deleted from the thread is no longer shown.</param>
public sealed record ThreadShare(string Id, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string Title, IReadOnlyList<SharedTurn> Turns)
{
    private const string Prefix = "share_";
    private const int Digits = 40;
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Whether the link shows the calls of tools and their results.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IncludesTools { get; init; }

    /// <summary>The instructions of the conversation, if the owner shares them.</summary>
    public string? Instructions { get; init; }

    [JsonExtensionData]
    public UnknownFields? Unknown { get; set; }

    /// <summary>Whether a text is the id of a link: 160 random bits.</summary>
    public static bool IsShareId(string id) =>
        id.Length == Prefix.Length + Digits && id.StartsWith(Prefix, StringComparison.Ordinal) && !id.AsSpan(Prefix.Length).ContainsAnyExcept(HexDigits);

    /// <summary>The link without these turns; null if it shows no others.</summary>
    internal ThreadShare? Without(IReadOnlyCollection<string> turnIds)
    {
        IReadOnlyList<SharedTurn> rest = [.. Turns.Where(turn => !turnIds.Contains(turn.TurnId))];
        return rest.Count == Turns.Count ? this : rest.Count > 0 ? this with { Turns = rest } : null;
    }

    internal static string NewShareId() => Prefix + RandomNumberGenerator.GetHexString(Digits, lowercase: true);
}

/// <summary>A turn that a link shows.</summary>
/// <param name="Files">The ids of the files that the shown messages refer to.</param>
public sealed record SharedTurn(string TurnId, IReadOnlyList<string> Files);
