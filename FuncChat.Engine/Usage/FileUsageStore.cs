using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FuncChat.Engine.Store;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Usage;

/// <summary>Keeps usage counts in files that only the server's own account can read: `usage/{hash of the counted account}/{day}_{writer}.json`.</summary>
public sealed partial class FileUsageStore(string dataPath, ILogger<FileUsageStore> logger) : IUsageStore
{
    private const string Extension = ".json";
    private const string DayFormat = "yyyyMMdd";

    private readonly DamageReports _damages = new();
    private readonly string _root = Path.Combine(Path.GetFullPath(dataPath), "usage");

    public Task WriteAsync(UsageRecord record, CancellationToken cancellationToken) =>
        DiskThreads.RunAsync(() => Write(record, overwrite: true), cancellationToken);

    public Task<bool> TryCreateAsync(UsageRecord record, CancellationToken cancellationToken) => DiskThreads.RunAsync(
        () =>
        {
            try
            {
                Write(record, overwrite: false);
                return true;
            }
            catch (IOException) when (File.Exists(PathOf(record)))
            {
                return false;
            }
        },
        cancellationToken);

    public Task<IReadOnlyList<UsageRecord>> ReadAsync(string account, DateTimeOffset after, CancellationToken cancellationToken) =>
        DiskThreads.RunAsync<IReadOnlyList<UsageRecord>>(() => Read(FolderOf(account), after, DateTimeOffset.MaxValue), cancellationToken);

    public async IAsyncEnumerable<UsageRecord> ReadAllAsync(
        DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var folders = await DiskThreads.RunAsync(() => Directory.Exists(_root) ? Directory.GetDirectories(_root) : [], cancellationToken);
        foreach (var folder in folders)
        {
            foreach (var record in await DiskThreads.RunAsync(() => TryRead(folder, from, to), cancellationToken))
                yield return record;
        }
    }

    public Task RemoveAsync(UsageRecord record, CancellationToken cancellationToken) =>
        DiskThreads.RunAsync(() => File.Delete(PathOf(record)), cancellationToken);

    public Task RemoveUnreadableAsync(DateTimeOffset before, CancellationToken cancellationToken) => DiskThreads.RunAsync(
        () =>
        {
            var removals = new Removals();
            foreach (var folder in PrivateFiles.Folders(_root))
            {
                removals.Try(() =>
                {
                    foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*" + Extension).Where(path => DayOf(path) < before).ToList())
                        removals.Try(() => PrivateFiles.Delete(path));
                });
            }

            removals.ThrowIfAnyFailed("usage records");
        },
        cancellationToken);

    // An account whose folder can't be read keeps no other from being counted.
    private List<UsageRecord> TryRead(string folder, DateTimeOffset from, DateTimeOffset to)
    {
        try
        {
            return Read(folder, from, to);
        }
        catch (Exception e) when (PrivateFiles.IsUnreadable(e))
        {
            if (_damages.IsFirst(folder))
                LogUnreadable(Path.GetRelativePath(_root, folder), e);
            return [];
        }
    }

    // A record that can't be read keeps no other from being counted.
    private List<UsageRecord> Read(string folder, DateTimeOffset from, DateTimeOffset to)
    {
        var (records, incompleteDays) = (new List<UsageRecord>(), new HashSet<DateTimeOffset>());
        foreach (var path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*" + Extension) : [])
        {
            if (DayOf(path) is not { } day || day < from || day >= to)
                continue;
            try
            {
                if (TryRead(path, day) is { } record)
                    records.Add(record);
            }
            catch (Exception e) when (TurnStoreException.IsOfData(e) || PrivateFiles.IsUnreadable(e))
            {
                incompleteDays.Add(day);
                if (_damages.IsFirst(path))
                    LogUnreadable(Path.GetRelativePath(_root, path), e);
            }
        }

        return records.ConvertAll(record => record with { IsDayIncomplete = incompleteDays.Contains(record.Day) });
    }

    private static UsageRecord? TryRead(string path, DateTimeOffset day)
    {
        if (PrivateFiles.TryRead(path) is not { } json)
            return null;
        var stored = JsonSerializer.Deserialize(json, EngineJson.StoredType<StoredUsage>());
        if (stored is null || UserHash.Of(stored.Account) != Path.GetFileName(Path.GetDirectoryName(path)))
            throw new InvalidDataException("The file contains no record of the account that its folder is for.");
        return stored.ToRecord(day, Path.GetFileNameWithoutExtension(path)[(DayFormat.Length + 1)..]);
    }

    private static DateTimeOffset? DayOf(string path) =>
        Path.GetFileName(path) is { Length: > 9 } name && name[DayFormat.Length] == '_'
        && DateTimeOffset.TryParseExact(name[..DayFormat.Length], DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day)
            ? day
            : null;

    // A reader sees the old record or the new one, and never a part.
    private void Write(UsageRecord record, bool overwrite) =>
        PrivateFiles.Replace(PathOf(record), JsonSerializer.SerializeToUtf8Bytes(StoredUsage.Of(record), EngineJson.Relaxed.StoredUsage), overwrite);

    private string FolderOf(string account) => Path.Combine(_root, UserHash.Of(account));

    private string PathOf(UsageRecord record) =>
        Path.Combine(FolderOf(record.Account), $"{record.Day.ToString(DayFormat, CultureInfo.InvariantCulture)}_{Path.GetFileName(record.Writer)}{Extension}");

    [LoggerMessage(513, LogLevel.Error, "Usage record {Record} can't be read and does not count. This is logged once")]
    private partial void LogUnreadable(string record, Exception exception);
}

/// <summary>A record as it is stored.</summary>
internal sealed record StoredUsage(string Account, string? Name, IReadOnlyList<StoredCount> Counts)
{
    public DateTimeOffset? ReservedUntil { get; init; }

    /// <summary>Null for none, as in a record of an earlier version.</summary>
    public IReadOnlyList<StoredHold>? Holds { get; init; }

    public static StoredUsage Of(UsageRecord record) =>
        new(record.Account, record.Name, [.. record.Counts.Select(each => new StoredCount($"{each.Key.Kind}", each.Key.Start, each.Value))])
        {
            ReservedUntil = record.ReservedUntil,
            Holds = record.Holds.Count > 0 ? [.. record.Holds.Select(hold => new StoredHold(hold.Call, $"{hold.Kind}", hold.Amount))] : null,
        };

    // A later version may count more kinds.
    public UsageRecord ToRecord(DateTimeOffset day, string writer) => new(
        Account, day, writer,
        Counts.Where(each => Enum.TryParse<UsageKind>(each.Kind, out _))
            .ToDictionary(each => new UsageWindow(Account, Enum.Parse<UsageKind>(each.Kind), each.Start), each => each.Count))
    {
        Name = Name,
        ReservedUntil = ReservedUntil,
        Holds = [.. (Holds ?? []).Where(hold => Enum.TryParse<UsageKind>(hold.Kind, out _)).Select(hold => new UsageHold(hold.Call, Enum.Parse<UsageKind>(hold.Kind), hold.Amount))],
    };
}

internal sealed record StoredHold(string Call, string Kind, long Amount);

internal sealed record StoredCount(string Kind, DateTimeOffset Start, long Count);
