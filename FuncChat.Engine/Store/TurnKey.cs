using System.Text.RegularExpressions;

namespace FuncChat.Engine.Store;

/// <summary>Names a turn: ids are scoped to the user, so nobody can reach another's turn by guessing.</summary>
public readonly partial record struct TurnKey(string User, string TurnId)
{
    /// <summary>8 to 64 of letters, digits, '_' and '-'.</summary>
    public static bool IsTurnId(string id) => TurnIdPattern().IsMatch(id);

    /// <summary>A new id, impossible to guess.</summary>
    public static string NewTurnId() => $"turn_{Guid.NewGuid():N}";

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{8,64}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex TurnIdPattern();
}
