using Azure.Data.Tables;
using FuncChat.Engine.Usage;

namespace FuncChat.Azure.Usage;

/// <summary>
/// What one instance has counted of one user, as a row: the user's hash and the instance are its key. Each kind has a column for the count and
/// one for the beginning of its window, so that a later window takes an earlier one's place and a row does not grow.
/// </summary>
internal static class UsageRow
{
    // When the last window in the row ends, after which the row is not needed.
    private const string End = "End";
    private const string StartSuffix = "Start";

    private static readonly UsageKind[] Kinds = Enum.GetValues<UsageKind>();

    /// <summary>The filter for rows that are no longer needed.</summary>
    public static string EndedBy(DateTimeOffset time) => $"{End} lt {TableClient.CreateQueryFilter($"{time}")}";

    /// <param name="counts">At least one. Of several windows of a kind, the last is taken.</param>
    public static TableEntity Write(string partition, string instance, IReadOnlyDictionary<UsageWindow, long> counts)
    {
        var row = new TableEntity(partition, instance) { [End] = counts.Keys.Max(window => window.End) };
        foreach (var (window, count) in counts.OrderBy(each => each.Key.Start))
        {
            row[$"{window.Kind}"] = count;
            row[$"{window.Kind}{StartSuffix}"] = window.Start;
        }

        return row;
    }

    public static IEnumerable<(UsageWindow Window, long Count)> Read(string user, TableEntity row)
    {
        foreach (var kind in Kinds)
        {
            if (row.GetInt64($"{kind}") is { } count && row.GetDateTimeOffset($"{kind}{StartSuffix}") is { } start)
                yield return (new UsageWindow(user, kind, start), count);
        }
    }
}
