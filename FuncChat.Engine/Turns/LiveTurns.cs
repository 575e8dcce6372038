using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using FuncChat.Engine.Log;

namespace FuncChat.Engine.Turns;

/// <summary>The turns that run in this process.</summary>
internal sealed class LiveTurns
{
    private readonly ConcurrentDictionary<TurnKey, LiveTurn> _turns = new();

    public ICollection<KeyValuePair<TurnKey, LiveTurn>> All => _turns;

    public bool TryGet(TurnKey key, [NotNullWhen(true)] out LiveTurn? turn) => _turns.TryGetValue(key, out turn);

    /// <summary>Starts the turn, and keeps it for as long as it runs.</summary>
    /// <param name="ended">Called once the turn runs no more.</param>
    public void Start(TurnKey key, LiveTurn turn, Action ended)
    {
        _turns[key] = turn;
        turn.Start();
        _ = EndAsync(key, turn, ended);
    }

    private async Task EndAsync(TurnKey key, LiveTurn turn, Action ended)
    {
        await turn.Completion;
        _turns.TryRemove(new(key, turn));
        turn.Dispose();
        ended();
    }
}
