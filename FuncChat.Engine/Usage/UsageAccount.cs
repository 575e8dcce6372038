namespace FuncChat.Engine.Usage;

/// <summary>Whose use an account counts.</summary>
internal enum AccountScope
{
    /// <summary>One user's.</summary>
    User,

    /// <summary>That of an API key with all users that it names.</summary>
    Key,

    /// <summary>Everyone's.</summary>
    App,
}

/// <summary>An account to which model calls are counted.</summary>
/// <param name="Id">A user's id, or an id that no user has.</param>
internal readonly record struct UsageAccount(AccountScope Scope, string Id)
{
    private const string AppId = "*";
    private const string KeySuffix = " *";

    public static UsageAccount App { get; } = new(AccountScope.App, AppId);

    /// <summary>The accounts to which a user's model calls are counted, the user's own first.</summary>
    public static IReadOnlyList<UsageAccount> Of(string user) => KeyUser.KeyOf(user) is { } key
        ? [new(AccountScope.User, user), new(AccountScope.Key, KeyUser.IdOf(key) + KeySuffix), App]
        : [new(AccountScope.User, user), App];

    /// <summary>The account of a stored id.</summary>
    public static UsageAccount Parse(string id) => id == AppId ? App
        : id.EndsWith(KeySuffix, StringComparison.Ordinal) && KeyUser.KeyOf(id) is not null ? new(AccountScope.Key, id)
        : new(AccountScope.User, id);
}
