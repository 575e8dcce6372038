using FuncChat.Engine.Store;

namespace FuncChat.Tests.Support;

/// <summary>
/// Where <see cref="MemoryTurnStore"/>s keep turns, as a network store would: it outlives the instances that write to it. Instances that share a store
/// share its leases.
/// </summary>
public sealed class SharedMemory
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TurnKey, StoredTurn> _turns = [];

    /// <summary>Runs with the turn, or null, and nothing else at the same time.</summary>
    internal T With<T>(TurnKey key, Func<StoredTurn?, T> work)
    {
        lock (_gate)
            return work(_turns.GetValueOrDefault(key));
    }

    /// <summary>Changes a turn, and wakes its readers.</summary>
    internal T Change<T>(TurnKey key, Func<StoredTurn?, T> work) => With(key, turn =>
    {
        var result = work(turn);
        turn?.Wake();
        return result;
    });

    internal bool TryAdd(TurnKey key, StoredTurn turn)
    {
        lock (_gate)
            return _turns.TryAdd(key, turn);
    }

    internal bool TryRemove(TurnKey key)
    {
        lock (_gate)
            return !_turns.TryGetValue(key, out var turn) || (turn.Writer is null && _turns.Remove(key));
    }

    internal void RemoveUnwritten()
    {
        lock (_gate)
        {
            foreach (var (key, _) in _turns.Where(turn => turn.Value.Writer is null).ToList())
                _turns.Remove(key);
        }
    }
}

internal sealed class StoredTurn(ReadOnlyMemory<byte> header)
{
    private TaskCompletionSource _changed = NewSignal();

    public ReadOnlyMemory<byte> Header => header;

    public List<(long Id, byte[] Frame)> Events { get; } = [];

    public List<TurnSignal> Signals { get; } = [];

    public int FollowedMarks { get; set; }

    public (long ProgressId, int Attempts) Attempts { get; set; }

    public object? Writer { get; set; }

    /// <summary>Completes at the next change of the events or of the writer.</summary>
    public Task Changed => _changed.Task;

    public void Wake()
    {
        _changed.SetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
