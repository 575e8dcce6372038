using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Threads;

/// <summary>What a user may keep in threads.</summary>
internal sealed class ThreadLimits(ThreadStorage threads, IOptions<ThreadOptions> options, TimeProvider time)
{
    // A user's threads are counted at most this often, and before one is refused: each count reads the whole index.
    private static readonly TimeSpan CountInterval = TimeSpan.FromMinutes(1);
    private const int MaxCounted = 10_000;

    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);

    /// <summary>Why the user can't add a turn to the thread; null if the user can.</summary>
    /// <param name="thread">Null for a new thread.</param>
    public async Task<AppError?> FindErrorAsync(string user, ThreadDocument? thread, CancellationToken cancellationToken)
    {
        var limits = options.Value;
        if (thread is not null && thread.Turns.Count >= limits.MaxTurns)
            return ThreadErrors.TooManyTurns(limits.MaxTurns);
        var now = time.GetUtcNow();
        if (!_kept.TryGetValue(user, out var kept) || now - kept.At >= CountInterval || (thread is null && kept.Threads >= limits.MaxPerUser))
        {
            var all = await threads.ListAsync(user, cancellationToken);
            if (_kept.Count >= MaxCounted)
                _kept.Clear();
            _kept[user] = kept = new Kept(now, all.Count, all.Sum(each => each.Bytes));
        }

        if (thread is null && kept.Threads >= limits.MaxPerUser)
            return ThreadErrors.TooManyThreads(limits.MaxPerUser);
        if (kept.Bytes >= limits.MaxBytesPerUser)
            return ThreadErrors.TooManyBytes(limits.MaxBytesPerUser);
        if (thread is null)
            Add(user, threads: 1, bytes: 0);
        return null;
    }

    /// <summary>Counts bytes that were added.</summary>
    public void Add(string user, long bytes) => Add(user, threads: 0, bytes);

    /// <summary>Forgets the count after a deletion.</summary>
    public void Forget(string user) => _kept.TryRemove(user, out _);

    private void Add(string user, int threads, long bytes)
    {
        while (_kept.TryGetValue(user, out var kept)
            && !_kept.TryUpdate(user, kept with { Threads = kept.Threads + threads, Bytes = kept.Bytes + bytes }, kept))
        {
            // Another request has changed it.
        }
    }

    private sealed record Kept(DateTimeOffset At, int Threads, long Bytes);
}
