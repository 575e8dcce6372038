using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>The turns that run in this process.</summary>
internal sealed class RunningTurnRegistry
{
    private readonly ConcurrentDictionary<TurnKey, RunningTurn> _turns = new();

    public ICollection<KeyValuePair<TurnKey, RunningTurn>> All => _turns;

    public bool TryGet(TurnKey key, [NotNullWhen(true)] out RunningTurn? turn) => _turns.TryGetValue(key, out turn);

    /// <summary>Starts the turn, and keeps it for as long as it runs.</summary>
    /// <param name="ended">Called once the turn no longer runs, before its completion is reported.</param>
    public void Start(TurnKey key, RunningTurn turn, Action ended)
    {
        _turns[key] = turn;
        turn.Start(() =>
        {
            _turns.TryRemove(new(key, turn));
            ended();
        });
    }
}
