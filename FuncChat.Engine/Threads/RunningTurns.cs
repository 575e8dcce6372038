using System.Collections.Concurrent;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Threads;

/// <summary>
/// Finds the threads of running turns. A user's threads are listed for this at most once in <see cref="ThreadSettlement.StartTimeout"/>, however many turns are looked for:
/// a turn that was added since the last list is not lost before that time has passed.
/// </summary>
internal sealed class RunningTurns(ThreadStorage threads, TimeProvider time)
{
    private const int MaxUsers = 10_000;

    private readonly ConcurrentDictionary<string, Listed> _users = new(StringComparer.Ordinal);

    /// <exception cref="TurnStoreException">The store failed.</exception>
    public async Task<ThreadKey?> FindThreadAsync(TurnKey turn, CancellationToken cancellationToken)
    {
        var listed = ListedOf(turn.User);
        try
        {
            if ((await listed.Threads.Value.WaitAsync(cancellationToken)).TryGetValue(turn.TurnId, out var thread))
            {
                // The turn may end now.
                _users.TryRemove(new(turn.User, listed));
                return new ThreadKey(turn.User, thread);
            }

            return null;
        }
        catch (TurnStoreException)
        {
            _users.TryRemove(new(turn.User, listed));
            throw;
        }
    }

    private Listed ListedOf(string user)
    {
        var now = time.GetTimestamp();
        var known = _users.GetValueOrDefault(user);
        if (known is not null && time.GetElapsedTime(known.At, now) < ThreadSettlement.StartTimeout)
            return known;
        if (_users.Count >= MaxUsers)
            _users.Clear();
        var next = new Listed(now, new(() => ListAsync(user)));
        return known is null ? _users.GetOrAdd(user, next) : _users.TryUpdate(user, next, known) ? next : _users.GetOrAdd(user, next);
    }

    // Not cancelled: requests share it.
    private async Task<IReadOnlyDictionary<string, string>> ListAsync(string user)
    {
        var running = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var thread in await threads.ListAsync(user, CancellationToken.None))
        {
            if (thread.RunningTurnId is { } turnId)
                running[turnId] = thread.Id;
        }

        return running;
    }

    private sealed class Listed(long at, Lazy<Task<IReadOnlyDictionary<string, string>>> threads)
    {
        /// <summary>The timestamp before the list.</summary>
        public long At => at;

        public Lazy<Task<IReadOnlyDictionary<string, string>>> Threads => threads;
    }
}
