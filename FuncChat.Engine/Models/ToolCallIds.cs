using System.Security.Cryptography;
using System.Text;

namespace FuncChat.Engine.Models;

/// <summary>The form of the ids of tool calls that a provider accepts.</summary>
internal enum ToolCallIdForm
{
    /// <summary>Up to 40 letters, digits, `_` and `-`.</summary>
    Usual,

    /// <summary>Exactly nine letters and digits.</summary>
    NineCharacters,
}

/// <summary>Ids of tool calls in a form that a provider accepts. The same id always becomes the same one, so that a call and its result match.</summary>
internal static class ToolCallIds
{
    private const int Longest = 40;
    private const int LongestOriginal = 16 * 1024;
    private const int Nine = 9;
    private const string LettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static string ToForm(string id, ToolCallIdForm form) => form switch
    {
        ToolCallIdForm.NineCharacters => id.Length == Nine && id.All(char.IsAsciiLetterOrDigit) ? id : Hash(id, Nine),
        _ => id.Length is > 0 and <= Longest && id.All(IsUsual) ? id : $"call_{Hash(id, 24)}",
    };

    /// <summary>
    /// The id that a model chose, where it goes back in that form to that model alone: some gateways keep a signature in it. Null where the turn's id
    /// serves as well.
    /// </summary>
    public static string? OriginalOf(string? chosen, string id) =>
        chosen is { Length: > 0 and <= LongestOriginal } && (chosen != id ? !IsInUse(chosen, id) : ToForm(id, ToolCallIdForm.Usual) != id) ? chosen : null;

    // The turn adds a number to an id that it has seen before: both can't go back as the same.
    private static bool IsInUse(string chosen, string id) => id.StartsWith($"{chosen}_", StringComparison.Ordinal);

    private static bool IsUsual(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-';

    private static string Hash(string id, int length)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), hash);
        Span<char> letters = stackalloc char[length];
        for (var place = 0; place < length; place++)
            letters[place] = LettersAndDigits[hash[place] % LettersAndDigits.Length];
        return new string(letters);
    }
}
