using System.Buffers;
using System.Security.Cryptography;

namespace FuncChat.Engine.Store;

/// <summary>Names a turn. Ids belong to a user, so no user can reach another's turn by guessing.</summary>
public readonly record struct TurnKey(string User, string TurnId)
{
    private static readonly SearchValues<char> TurnIdCharacters =
        SearchValues.Create("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    /// <summary>Whether an id is valid: 8 to 64 letters, digits, '_' and '-'.</summary>
    public static bool IsTurnId(string id) => id.Length is >= 8 and <= 64 && !id.AsSpan().ContainsAnyExcept(TurnIdCharacters);

    /// <summary>Returns a new id that is impossible to guess.</summary>
    public static string NewTurnId() => $"turn_{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
}
