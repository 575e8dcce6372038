using System.Runtime.InteropServices;

namespace FuncChat.Engine.Usage;

/// <summary>What this process knows of one account's use. Its caller locks.</summary>
/// <param name="writer">The id of this process.</param>
internal sealed class AccountCounts(string account, string writer)
{
    // A model call counts for the day on which it started, and a turn lasts a day at most. A record is always written whole.
    private static readonly TimeSpan DayGrace = TimeSpan.FromDays(2);

    private readonly Dictionary<UsageWindow, long> _own = [];
    private readonly Dictionary<UsageRecordKey, UsageRecord> _once = [];
    private readonly Dictionary<UsageRecordKey, long> _unwritten = [];
    private readonly CallHolds _holds = new();
    private HashSet<UsageRecordKey> _read = [];
    private Dictionary<UsageWindow, long> _others = [];
    private HashSet<DateTimeOffset> _closed = [];
    private string? _name;
    private long _changes;
    private DateTimeOffset _dueAt = DateTimeOffset.MaxValue;
    private DateTimeOffset _renewAt = DateTimeOffset.MaxValue;

    public string Account => account;

    /// <summary>When the others' counts were asked for; the beginning of time if they never were.</summary>
    public DateTimeOffset ReadAt { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>The reading of the others' counts that is in progress, or the last one.</summary>
    public Task Reading { get; set; } = Task.CompletedTask;

    public bool IsWritten => _unwritten.Count == 0;

    public long Of(UsageWindow window) => UsageCount.Sum(IsClosed(window) ? 0 : _own.GetValueOrDefault(window), _others.GetValueOrDefault(window));

    public long Sum(UsageKind kind, DateTimeOffset from, DateTimeOffset to) =>
        _own.Where(each => !IsClosed(each.Key)).Concat(_others)
            .Where(each => each.Key.Kind == kind && each.Key.Start >= from && each.Key.Start < to)
            .Aggregate(0L, (sum, each) => UsageCount.Sum(sum, each.Value));

    /// <param name="dueAt">When the change must be written.</param>
    /// <param name="call">The call that holds the amount, if it is held and the call has an id.</param>
    public void Add(UsageWindow window, long amount, DateTimeOffset dueAt, string? call = null)
    {
        if (amount == 0)
            return;
        if (call is not null && UsageReservations.PartOf(window.Kind) is not null)
            _holds.Add(call, window, amount, _others);
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_own, window, out _);
        count = UsageCount.Sum(count, amount);
        Changed(new UsageRecordKey(DayOf(window), writer), dueAt);
    }

    public void AddOnce(UsageWindow window, long amount, string id, DateTimeOffset dueAt)
    {
        var key = new UsageRecordKey(DayOf(window), id);
        if (_once.ContainsKey(key) || _read.Contains(key))
            return;
        _once[key] = new UsageRecord(account, DayOf(window), id, new Dictionary<UsageWindow, long> { [window] = amount });
        _others[window] = UsageCount.Sum(_others.GetValueOrDefault(window), amount);
        Changed(key, dueAt);
    }

    public void Describe(string name) => _name = name;

    /// <summary>Takes what was read in place of what was read before.</summary>
    public void Take(IReadOnlyList<UsageRecord> records, DateTimeOffset askedAt)
    {
        var (counts, own) = (new Dictionary<UsageWindow, long>(), _own.Keys.Select(DayOf).ToHashSet());
        _read = [.. records.Select(record => new UsageRecordKey(record.Day, record.Writer))];
        _closed = [.. records.Where(record => record.Writer == UsageRollup.Writer).Select(record => record.Day)];
        var others = UsageRollup.WithoutRolledUp(records).Where(record => record.Writer != writer || !own.Contains(record.Day)).ToList();
        foreach (var record in others)
            Include(record);
        _holds.Take(others.Where(record => record.ReservedUntil > askedAt), counts);

        // What was added once, and may not have been in the store yet.
        foreach (var record in _once.Where(once => !_read.Contains(once.Key) && !_closed.Contains(once.Value.Day)).Select(once => once.Value))
            Include(record);
        (_others, ReadAt) = (counts, askedAt);

        void Include(UsageRecord record)
        {
            foreach (var (window, count) in UsageReservations.CountsAt(record, askedAt))
                counts[window] = UsageCount.Sum(counts.GetValueOrDefault(window), count);
        }
    }

    /// <summary>The records to write, if a change is due or if what calls hold must be renewed.</summary>
    public IReadOnlyList<UnwrittenUsage> ToWriteDue(DateTimeOffset now)
    {
        if (_renewAt <= now)
        {
            _renewAt = DateTimeOffset.MaxValue;
            foreach (var day in _own.Where(each => UsageReservations.Holds(each.Key, each.Value)).Select(each => DayOf(each.Key)).Distinct().ToList())
                Changed(new UsageRecordKey(day, writer), now);
        }

        return _dueAt > now ? [] : ToWrite(now);
    }

    public IReadOnlyList<UnwrittenUsage> ToWrite(DateTimeOffset now) =>
        [.. _unwritten.Select(each => new UnwrittenUsage(this, _once.GetValueOrDefault(each.Key) ?? OwnOf(each.Key, now), each.Key, each.Value))];

    public void Written(UnwrittenUsage write)
    {
        if (_unwritten.GetValueOrDefault(write.Key) == write.Change)
            _unwritten.Remove(write.Key);
        if (IsWritten)
            _dueAt = DateTimeOffset.MaxValue;
    }

    /// <summary>Forgets windows that have ended, once they are written: those of days count among the others' from then on.</summary>
    /// <returns>Whether nothing is left that the next reading would not bring back.</returns>
    public bool Forget(DateTimeOffset now)
    {
        if (!IsWritten)
            return false;
        foreach (var window in _own.Keys.Where(window => window.End + (window.Kind == UsageKind.Requests ? TimeSpan.Zero : DayGrace) <= now).ToList())
        {
            _own.Remove(window, out var count);
            if (!IsClosed(window))
                _others[window] = UsageCount.Sum(_others.GetValueOrDefault(window), count);
        }

        return _own.Count == 0 && Reading.IsCompleted;
    }

    private void Changed(UsageRecordKey key, DateTimeOffset dueAt)
    {
        _unwritten[key] = ++_changes;
        _dueAt = dueAt < _dueAt ? dueAt : _dueAt;
    }

    private UsageRecord OwnOf(UsageRecordKey key, DateTimeOffset now)
    {
        var counts = _own.Where(each => DayOf(each.Key) == key.Day).ToDictionary();
        var record = new UsageRecord(account, key.Day, writer, counts) { Name = _name };
        if (!counts.Any(each => UsageReservations.Holds(each.Key, each.Value)))
            return record;
        _renewAt = now + UsageReservations.RenewalInterval;
        return record with { ReservedUntil = now + UsageReservations.Lifetime, Holds = _holds.Of(key.Day) };
    }

    private bool IsClosed(UsageWindow window) => _closed.Contains(DayOf(window));

    private static DateTimeOffset DayOf(UsageWindow window) => UtcPeriod.DayOf(window.Start);
}

/// <summary>A record that must be written.</summary>
/// <param name="Change">The last change that is in it.</param>
internal sealed record UnwrittenUsage(AccountCounts Account, UsageRecord Record, UsageRecordKey Key, long Change);

/// <summary>Identifies one of an account's records.</summary>
internal readonly record struct UsageRecordKey(DateTimeOffset Day, string Writer);
