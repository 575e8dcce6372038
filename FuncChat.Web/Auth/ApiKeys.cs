using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Auth;

/// <summary>The keys of programs. Only their hashes are known here.</summary>
internal sealed class ApiKeys(IOptions<AuthSettings> settings)
{
    /// <summary>What every key begins with: so it is told from a token, and found by those who look for leaked secrets.</summary>
    public const string Prefix = "fck_";

    private const int Longest = 256;

    /// <summary>The name of the key; null where there is no such key. Takes as long for a wrong key as for a right one.</summary>
    public string? NameOf(string key)
    {
        if (key.Length > Longest || !key.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        string? name = null;
        foreach (var known in settings.Value.ApiKeys)
        {
            if (CryptographicOperations.FixedTimeEquals(known.Hash, hash))
                name = known.Name;
        }

        return name;
    }
}
