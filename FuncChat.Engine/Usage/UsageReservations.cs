namespace FuncChat.Engine.Usage;

/// <summary>
/// What calls in progress hold. A process renews it while the calls run; what a killed process held does not count any more once it has expired, and the calls
/// count as calls that failed.
/// </summary>
internal static class UsageReservations
{
    /// <summary>How often a process writes what its calls hold.</summary>
    public static readonly TimeSpan RenewalInterval = TimeSpan.FromMinutes(1);

    /// <summary>How long it counts after it was written.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>The kind of what is held of a kind.</summary>
    public static UsageKind HeldOf(UsageKind kind) => kind switch
    {
        UsageKind.Tokens => UsageKind.ReservedTokens,
        UsageKind.Cost => UsageKind.ReservedCost,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Calls hold tokens and costs only."),
    };

    /// <summary>Whether something is held.</summary>
    public static bool Holds(UsageWindow window, long count) => PartOf(window.Kind) is not null && count > 0;

    /// <summary>The counts of a record at a time, without what has expired.</summary>
    public static IEnumerable<KeyValuePair<UsageWindow, long>> CountsAt(UsageRecord record, DateTimeOffset now)
    {
        var hasExpired = record.ReservedUntil <= now;
        foreach (var (window, count) in record.Counts)
        {
            yield return hasExpired && PartOf(window.Kind) is { } kind ? new(window with { Kind = kind }, -count) : new(window, count);
        }
    }

    /// <summary>The kind of which what is held is a part; null for other kinds.</summary>
    public static UsageKind? PartOf(UsageKind kind) => kind switch
    {
        UsageKind.ReservedTokens => UsageKind.Tokens,
        UsageKind.ReservedCost => UsageKind.Cost,
        _ => null,
    };
}
