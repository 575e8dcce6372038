using System.Runtime.InteropServices;

namespace FuncChat.Engine.Usage;

/// <summary>
/// What the calls of an account hold that have an id. A turn has one call at a time. So what another process holds for a call that is made here is left over: that
/// process was killed, and the turn repeats its call here. It counts no longer, as if it had expired.
/// </summary>
internal sealed class CallHolds
{
    // A record of the whole server has the calls of many users, and a table limits its size.
    private const int MostWritten = 100;

    private readonly Dictionary<(string Call, UsageWindow Window), long> _own = [];
    private readonly HashSet<(string Writer, string Call)> _left = [];
    private List<OtherHold> _others = [];

    /// <param name="counts">The counts of other processes, without what is left over from then on.</param>
    public void Add(string call, UsageWindow window, long amount, Dictionary<UsageWindow, long> counts)
    {
        ref var held = ref CollectionsMarshal.GetValueRefOrAddDefault(_own, (call, window), out _);
        held = UsageCount.Sum(held, amount);
        if (held == 0)
            _own.Remove((call, window));
        if (_others.Count > 0)
            Drop(counts);
    }

    /// <summary>Takes what other processes hold in place of what they held before.</summary>
    /// <param name="records">Those that have not expired.</param>
    /// <inheritdoc cref="Add"/>
    public void Take(IEnumerable<UsageRecord> records, Dictionary<UsageWindow, long> counts)
    {
        _others =
        [
            .. from record in records
               from hold in record.Holds
               where UsageReservations.PartOf(hold.Kind) is not null
               select new OtherHold(record.Writer, hold.Call, UsageWindow.At(record.Day, record.Account, hold.Kind), hold.Amount),
        ];
        _left.IntersectWith(_others.Select(other => (other.Writer, other.Call)));
        Drop(counts);
    }

    /// <summary>What the calls of this process hold of a day.</summary>
    public IReadOnlyList<UsageHold> Of(DateTimeOffset day) =>
        [.. _own.Where(each => UtcPeriod.DayOf(each.Key.Window.Start) == day).Take(MostWritten).Select(each => new UsageHold(each.Key.Call, each.Key.Window.Kind, each.Value))];

    private void Drop(Dictionary<UsageWindow, long> counts)
    {
        if (_others.Count == 0)
            return;
        var calls = _own.Keys.Select(each => each.Call).ToHashSet(StringComparer.Ordinal);
        foreach (var other in _others.Where(other => calls.Contains(other.Call)))
            _left.Add((other.Writer, other.Call));
        _others.RemoveAll(other =>
        {
            if (!_left.Contains((other.Writer, other.Call)))
                return false;
            Subtract(other.Window);
            Subtract(other.Window with { Kind = UsageReservations.PartOf(other.Window.Kind)!.Value });
            return true;

            void Subtract(UsageWindow window) => counts[window] = UsageCount.Sum(counts.GetValueOrDefault(window), -other.Amount);
        });
    }

    private sealed record OtherHold(string Writer, string Call, UsageWindow Window, long Amount);
}
