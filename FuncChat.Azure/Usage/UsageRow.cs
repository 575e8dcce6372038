using System.Globalization;
using Azure.Data.Tables;
using FuncChat.Engine.Usage;

namespace FuncChat.Azure.Usage;

/// <summary>
/// A record as a row. Each kind has a column for the count and one for the beginning of its window, so that a later minute replaces an earlier one and a row
/// does not grow.
/// </summary>
internal static class UsageRow
{
    // When the last window in the row ends.
    private const string End = "End";
    private const string StartSuffix = "Start";
    private const string Account = "Account";
    private const string Name = "Name";
    private const string ReservedUntil = "ReservedUntil";
    private const string Holds = "Holds";

    private static readonly UsageKind[] Kinds = Enum.GetValues<UsageKind>();

    public static string EndsAfter(DateTimeOffset time) => $"{End} gt {TableClient.CreateQueryFilter($"{time}")}";

    public static string EndsBy(DateTimeOffset time) => $"{End} le {TableClient.CreateQueryFilter($"{time}")}";

    /// <param name="record">With at least one count. Of several windows of a kind, the last is kept.</param>
    public static TableEntity Write(string partition, UsageRecord record)
    {
        var row = new TableEntity(partition, $"{record.Day.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}_{record.Writer}")
        {
            [End] = record.End,
            [Account] = record.Account,
        };
        if (record.Name is not null)
            row[Name] = record.Name;
        if (record.ReservedUntil is not null)
            row[ReservedUntil] = record.ReservedUntil;
        if (record.Holds.Count > 0)
            row[Holds] = string.Join(';', record.Holds.Select(hold => string.Create(CultureInfo.InvariantCulture, $"{hold.Call} {hold.Kind} {hold.Amount}")));
        foreach (var (window, count) in record.Counts.OrderBy(each => each.Key.Start))
        {
            row[$"{window.Kind}"] = count;
            row[$"{window.Kind}{StartSuffix}"] = window.Start;
        }

        return row;
    }

    /// <param name="account">Null takes it from the row. Rows of version 0.1 have none, and their key is that of the instance.</param>
    public static UsageRecord Read(TableEntity row, string? account)
    {
        var id = account ?? row.GetString(Account) ?? "";
        var counts = new Dictionary<UsageWindow, long>();
        foreach (var kind in Kinds)
        {
            if (row.GetInt64($"{kind}") is { } count && row.GetDateTimeOffset($"{kind}{StartSuffix}") is { } start)
                counts[new UsageWindow(id, kind, start)] = count;
        }

        var lastDay = (row.GetDateTimeOffset(End) ?? DateTimeOffset.MinValue.AddDays(1)).AddTicks(-1).UtcDateTime.Date;
        return new UsageRecord(id, new DateTimeOffset(lastDay, TimeSpan.Zero), row.RowKey[(row.RowKey.IndexOf('_', StringComparison.Ordinal) + 1)..], counts)
        {
            Name = row.GetString(Name),
            ReservedUntil = row.GetDateTimeOffset(ReservedUntil),
            Holds = [.. HoldsIn(row.GetString(Holds) ?? "")],
            Version = row,
        };
    }

    // A later version may hold more kinds.
    private static IEnumerable<UsageHold> HoldsIn(string text)
    {
        foreach (var hold in text.Split(';'))
        {
            if (hold.Split(' ') is [var call, var kind, var amount] && Enum.TryParse<UsageKind>(kind, out var known)
                && long.TryParse(amount, NumberStyles.None, CultureInfo.InvariantCulture, out var held))
            {
                yield return new UsageHold(call, known, held);
            }
        }
    }
}
