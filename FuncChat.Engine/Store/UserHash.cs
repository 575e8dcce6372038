using System.Security.Cryptography;
using System.Text;

namespace FuncChat.Engine.Store;

/// <summary>A user's id as a name in a store. The id may contain anything, its case counts, and it is private; its hash is a valid name.</summary>
public static class UserHash
{
    private const int Bytes = 16;

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public static string Of(string user) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user)).AsSpan(0, Bytes));

    /// <summary>Whether a text may be such a name.</summary>
    public static bool IsHash(string text) => text.Length == 2 * Bytes && text.All(char.IsAsciiHexDigitLower);
}
