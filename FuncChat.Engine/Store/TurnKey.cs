using System.Text.RegularExpressions;

namespace FuncChat.Engine.Store;

/// <summary>Names a turn. Ids belong to a user, so no user can reach another's turn by guessing.</summary>
public readonly partial record struct TurnKey(string User, string TurnId)
{
    /// <summary>Whether an id is valid: 8 to 64 letters, digits, '_' and '-'.</summary>
    public static bool IsTurnId(string id) => TurnIdPattern().IsMatch(id);

    /// <summary>Returns a new id that is impossible to guess.</summary>
    public static string NewTurnId() => $"turn_{Guid.NewGuid():N}";

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{8,64}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex TurnIdPattern();
}
