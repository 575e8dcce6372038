using FuncChat.Engine.Usage;

namespace FuncChat.Azure.Usage;

/// <summary>What this instance knows of one user's use. Its caller locks.</summary>
internal sealed class UserUsage(string user)
{
    private readonly Dictionary<UsageWindow, long> _own = [];
    private Dictionary<UsageWindow, long> _others = [];
    private long _changes;
    private long _written;

    public string User => user;

    /// <summary>When the others' counts were asked for; the beginning of time where they never were.</summary>
    public DateTimeOffset ReadAt { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>The reading of the others' counts that is under way, or the last one.</summary>
    public Task Reading { get; set; } = Task.CompletedTask;

    public bool IsWritten => _written == _changes;

    public long Add(UsageWindow window, long amount)
    {
        var own = UsageCount.Sum(_own.GetValueOrDefault(window), amount);
        if (amount != 0)
        {
            _own[window] = own;
            _changes++;
        }

        return UsageCount.Sum(own, _others.GetValueOrDefault(window));
    }

    public void TakeOthers(Dictionary<UsageWindow, long> counts, DateTimeOffset askedAt) => (_others, ReadAt) = (counts, askedAt);

    public UsageToWrite ToWrite() => new(this, new Dictionary<UsageWindow, long>(_own), _changes);

    public void Written(UsageToWrite write) => _written = write.Change;

    /// <summary>Forgets windows that have ended, once they are written.</summary>
    /// <returns>Whether nothing is left that the next reading wouldn't bring back.</returns>
    public bool Forget(DateTimeOffset now)
    {
        if (!IsWritten)
            return false;
        foreach (var window in _own.Keys.Where(window => window.End <= now).ToList())
            _own.Remove(window);
        return _own.Count == 0 && Reading.IsCompleted;
    }
}

/// <param name="Counts">All that this instance has counted of the user.</param>
/// <param name="Change">The last change that is in it.</param>
internal sealed record UsageToWrite(UserUsage Usage, IReadOnlyDictionary<UsageWindow, long> Counts, long Change);
