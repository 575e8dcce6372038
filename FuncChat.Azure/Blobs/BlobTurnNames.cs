using System.Text.RegularExpressions;
using FuncChat.Engine.Store;

namespace FuncChat.Azure.Blobs;

/// <summary>The names of one turn's blobs.</summary>
/// <param name="Turn">`{user's hash}/{turn id}`.</param>
internal readonly partial record struct BlobTurnNames(string Turn)
{
    public const string SignalPrefix = "signals/";
    private const string LogExtension = ".log";

    public string Signals => SignalPrefix + Turn;

    public string Followed => Turn + ".followed";

    /// <summary>A blob of an earlier version: its existence asked to stop the turn.</summary>
    public string Stop => Turn + ".stop";

    public static BlobTurnNames Of(TurnKey key) => TurnKey.IsTurnId(key.TurnId)
        ? new($"{UserHash.Of(key.User)}/{key.TurnId}")
        : throw new ArgumentException("The turn id is not valid.", nameof(key));

    /// <summary>The turn and the segment that a blob's name is of; null for another blob.</summary>
    public static (BlobTurnNames Names, int Segment)? Parse(string name) =>
        LogName().Match(name) is { Success: true } match
            ? (new(match.Groups["turn"].Value), match.Groups["segment"].Success ? int.Parse(match.Groups["segment"].Value, System.Globalization.CultureInfo.InvariantCulture) : 0)
            : null;

    /// <summary>The name of a segment: a turn has another one each time that its last is full.</summary>
    public string Segment(int number) => number == 0 ? Turn + LogExtension : FormattableString.Invariant($"{Turn}.{number}{LogExtension}");

    [GeneratedRegex(@"\A(?<turn>[0-9a-f]{32}/[A-Za-z0-9_-]+)(\.(?<segment>[0-9]{1,6}))?\.log\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex LogName();
}
