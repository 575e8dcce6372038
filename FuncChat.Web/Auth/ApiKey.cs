using System.Security.Cryptography;
using System.Text;

namespace FuncChat.Web.Auth;

/// <summary>API keys. The server knows only their SHA-256 hashes.</summary>
internal static class ApiKey
{
    private const int MaxLength = 256;

    // The prefix tells a key from a token, and lets secret scanners find leaked keys. Keys with the second prefix were issued up to version 0.1.
    public static bool HasPrefix(string text) => text.StartsWith("fchat_", StringComparison.Ordinal) || text.StartsWith("fck_", StringComparison.Ordinal);

    /// <summary>Finds the key that a request has; null if the server has none like it.</summary>
    public static HashedApiKey? Find(IReadOnlyList<HashedApiKey> keys, string text)
    {
        if (text.Length > MaxLength || !HasPrefix(text))
            return null;

        // Compares with every known hash in constant time, so that timing reveals nothing.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        HashedApiKey? found = null;
        foreach (var known in keys)
        {
            if (CryptographicOperations.FixedTimeEquals(known.Hash, hash))
                found = known;
        }

        return found;
    }
}
