namespace FuncChat.Engine.Usage;

/// <summary>The ids of API keys as users, and of the users that trusted keys name. They are part of stored keys: never change how they are composed.</summary>
public static class KeyUser
{
    private const string Prefix = "key ";

    /// <param name="key">The key's name, which has no space.</param>
    public static string IdOf(string key) => Prefix + key;

    /// <param name="user">The user as the key's program knows them, without spaces.</param>
    public static string IdOf(string key, string user) => $"{Prefix}{key} {user}";

    /// <summary>The name of the key that a user's requests carry; null for a user with a token.</summary>
    public static string? KeyOf(string user) => user.StartsWith(Prefix, StringComparison.Ordinal) ? user[Prefix.Length..].Split(' ', 2)[0] : null;

    /// <summary>Whether the id is that of a key itself, and not of a user that it names.</summary>
    public static bool IsKey(string user) => KeyOf(user) is { } key && user == IdOf(key);
}
