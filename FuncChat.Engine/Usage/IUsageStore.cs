namespace FuncChat.Engine.Usage;

/// <summary>
/// Where the processes of a server keep what they have counted: for each other, and for themselves after a restart. A record belongs to one account, one
/// day and one writer, and holds the whole of what that writer has counted, so that a write may be repeated and no write is in another's way.
/// </summary>
public interface IUsageStore
{
    /// <summary>Writes a record, in place of an earlier one of the same account, day and writer.</summary>
    Task WriteAsync(UsageRecord record, CancellationToken cancellationToken);

    /// <summary>Writes a record unless there is one of the same account, day and writer.</summary>
    /// <returns>False if there is.</returns>
    Task<bool> TryCreateAsync(UsageRecord record, CancellationToken cancellationToken);

    /// <summary>The records of an account whose last window ends after a time.</summary>
    Task<IReadOnlyList<UsageRecord>> ReadAsync(string account, DateTimeOffset after, CancellationToken cancellationToken);

    /// <summary>The records of all accounts for the days that begin from one time up to, but not at, another.</summary>
    IAsyncEnumerable<UsageRecord> ReadAllAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>Removes a record, unless it has changed since it was read.</summary>
    Task RemoveAsync(UsageRecord record, CancellationToken cancellationToken);

    /// <summary>Removes what can't be read, and is therefore in no list, of the days before one.</summary>
    Task RemoveUnreadableAsync(DateTimeOffset before, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>What one writer has counted of one account on one day.</summary>
/// <param name="Day">When the day begins (UTC).</param>
/// <param name="Writer">The id of a process, or a word that is no such id; letters and digits.</param>
public sealed record UsageRecord(string Account, DateTimeOffset Day, string Writer, IReadOnlyDictionary<UsageWindow, long> Counts)
{
    /// <summary>The name by which administrators know the account, if known.</summary>
    public string? Name { get; init; }

    /// <summary>When what calls in progress hold no longer counts, unless the record is written again; null if nothing is held.</summary>
    public DateTimeOffset? ReservedUntil { get; init; }

    /// <summary>What the calls hold that have an id, as far as it is known.</summary>
    public IReadOnlyList<UsageHold> Holds { get; init; } = [];

    /// <summary>Whether another record of its account and day can't be read at the moment.</summary>
    public bool IsDayIncomplete { get; init; }

    /// <summary>The version of a record that was read, as its store needs it to remove it.</summary>
    public object? Version { get; init; }

    /// <summary>When the last of its windows ends.</summary>
    public DateTimeOffset End => Counts.Keys.Max(window => window.End);
}
