using FuncChat.Engine.Store;

namespace FuncChat.Engine.Usage;

/// <summary>
/// Replaces the records of a day that has long ended by one total for each account, so that their number does not grow with that of the processes that have
/// served it. A total is created once and never changes, and where there is one, the other records of its day do not count: wherever a roll-up is
/// interrupted, no count is lost or doubled. A day with a record that can't be read gets no total: the record may be readable later.
/// </summary>
internal static class UsageRollup
{
    /// <summary>The writer of totals.</summary>
    public const string Writer = "total";

    // A turn lasts a day at most, and its calls count for the day on which they started.
    private const int MinAgeDays = 3;

    // A server that was stopped for longer keeps the records of that time as they are.
    private const int MaxAgeDays = 40;

    private const int RetentionDays = 400;

    /// <summary>The records that count: where there is a total, no others of its day.</summary>
    public static IEnumerable<UsageRecord> WithoutRolledUp(IReadOnlyList<UsageRecord> records)
    {
        var totals = records.Where(record => record.Writer == Writer).Select(record => (record.Account, record.Day)).ToHashSet();
        return records.Where(record => record.Writer == Writer || !totals.Contains((record.Account, record.Day)));
    }

    /// <exception cref="IOException">Some records could not be replaced or removed. All others were.</exception>
    public static async Task RunAsync(IUsageStore store, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = UtcPeriod.DayOf(now);
        var removals = new Removals();
        await foreach (var expired in store.ReadAllAsync(DateTimeOffset.MinValue, today.AddDays(-RetentionDays), cancellationToken))
            await removals.TryAsync(() => store.RemoveAsync(expired, cancellationToken), cancellationToken);
        await removals.TryAsync(() => store.RemoveUnreadableAsync(today.AddDays(-RetentionDays), cancellationToken), cancellationToken);

        // Most are totals, one a day for each account: they are not kept in memory.
        var past = await store.ReadAllAsync(today.AddDays(-MaxAgeDays), today.AddDays(-MinAgeDays), cancellationToken)
            .Where(record => record.Writer != Writer && record.Account.Length > 0).ToListAsync(cancellationToken);
        foreach (var day in past.GroupBy(record => (record.Account, record.Day)))
        {
            if (day.Any(record => record.IsDayIncomplete))
                continue;
            await removals.TryAsync(
                async () =>
                {
                    await store.TryCreateAsync(TotalOf(day.Key.Account, day.Key.Day, [.. day]), cancellationToken);
                    foreach (var record in day)
                        await removals.TryAsync(() => store.RemoveAsync(record, cancellationToken), cancellationToken);
                },
                cancellationToken);
        }

        removals.ThrowIfAnyFailed("usage records");
    }

    // The requests of past minutes limit nothing, and no call of that day runs.
    private static UsageRecord TotalOf(string account, DateTimeOffset day, IReadOnlyList<UsageRecord> parts)
    {
        var counts = new Dictionary<UsageWindow, long> { [UsageWindow.At(day, account, UsageKind.Tokens)] = 0 };
        foreach (var (window, count) in parts.SelectMany(part => UsageReservations.CountsAt(part, DateTimeOffset.MaxValue)).Where(each => each.Key.Kind != UsageKind.Requests))
            counts[window] = UsageCount.Sum(counts.GetValueOrDefault(window), count);
        return new UsageRecord(account, day, Writer, counts) { Name = parts.Select(part => part.Name).LastOrDefault(name => name is not null) };
    }
}
