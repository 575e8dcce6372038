namespace FuncChat.Engine.Usage;

/// <summary>Counts what accounts use: users, and those that <see cref="UsageAccount"/> adds. Instances that serve the same users share the counts.</summary>
public interface IUsageCounter
{
    /// <summary>Adds to a window's count, at once. Callers may add concurrently. A minute that has ended may be forgotten.</summary>
    /// <param name="amount">The amount to add: 0 only reads; a negative one takes back what was reserved.</param>
    /// <returns>The new count. A sum too large for the type stays at its maximum.</returns>
    ValueTask<long> AddAsync(UsageWindow window, long amount, CancellationToken cancellationToken);

    /// <summary>Adds to a window's count if it has not reached the limit. Of callers at the same time, no more succeed than the limit has room for.</summary>
    /// <returns>Whether the amount was added. The last one may exceed the limit.</returns>
    ValueTask<bool> TryAddAsync(UsageWindow window, long amount, long limit, CancellationToken cancellationToken);

    /// <summary>Adds to counts of an account, and sends no request.</summary>
    /// <param name="at">A moment in the windows that count.</param>
    /// <param name="isLimited">
    /// Whether other instances must know soon, since requests are admitted by the counts. If not, the amounts are stored with the next write of the account's
    /// counts, or after <see cref="UsageSyncOptions.ReportInterval"/>.
    /// </param>
    /// <param name="call">
    /// The id of the call that holds the reserved amounts, of up to 64 letters and digits: what a process that was killed held for it counts as expired, since the
    /// call is repeated here. Null if it has none.
    /// </param>
    void Count(string account, DateTimeOffset at, ReadOnlySpan<(UsageKind Kind, long Amount)> amounts, bool isLimited, string? call = null);

    /// <summary>Adds to a day's count, unless this was done before, by any instance.</summary>
    /// <param name="id">What is added; up to 64 letters and digits.</param>
    ValueTask AddOnceAsync(UsageWindow window, long amount, string id, CancellationToken cancellationToken);

    /// <summary>The sum of the days that begin from one time up to, but not at, another.</summary>
    /// <param name="kind">One that is counted by the day.</param>
    /// <param name="from">Not before the current month.</param>
    ValueTask<long> SumAsync(string account, UsageKind kind, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>Sets the name by which administrators know a user.</summary>
    void Describe(string user, string name);

    /// <summary>What each account has used on the days that begin from one time up to, but not at, another.</summary>
    Task<IReadOnlyList<AccountUsage>> ReadAllAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);
}

/// <summary>What an account has used.</summary>
/// <param name="Name">The name that was set with <see cref="IUsageCounter.Describe"/>; null if none was.</param>
public sealed record AccountUsage(string Account, string? Name, IReadOnlyDictionary<UsageKind, long> Counts);
