using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Threads;

/// <summary>What a user may keep in threads.</summary>
internal sealed class ThreadLimits(ThreadStorage threads, IOptions<ThreadOptions> options, TimeProvider time)
{
    // The bytes of a user's threads are counted at most this often: each time reads the index.
    private static readonly TimeSpan CountInterval = TimeSpan.FromMinutes(1);
    private const int MaxCounted = 10_000;

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, long Bytes)> _bytes = new(StringComparer.Ordinal);

    /// <summary>Why the user can't add a turn to the thread; null if the user can.</summary>
    /// <param name="thread">Null for a new thread.</param>
    public async Task<AppError?> FindErrorAsync(string user, ThreadDocument? thread, CancellationToken cancellationToken)
    {
        var limits = options.Value;
        if (thread is not null && thread.Turns.Count >= limits.MaxTurns)
            return ThreadErrors.TooManyTurns(limits.MaxTurns);
        var now = time.GetUtcNow();
        if (thread is null || !_bytes.TryGetValue(user, out var known) || now - known.At >= CountInterval)
        {
            var all = await threads.ListAsync(user, cancellationToken);
            if (thread is null && all.Count >= limits.MaxPerUser)
                return ThreadErrors.TooManyThreads(limits.MaxPerUser);
            if (_bytes.Count >= MaxCounted)
                _bytes.Clear();
            _bytes[user] = known = (now, all.Sum(each => each.Bytes));
        }

        return known.Bytes >= limits.MaxBytesPerUser ? ThreadErrors.TooManyBytes(limits.MaxBytesPerUser) : null;
    }

    /// <summary>Counts bytes that were added, or forgets the count after a deletion.</summary>
    public void Add(string user, long? bytes)
    {
        if (bytes is null)
            _bytes.TryRemove(user, out _);
        else if (_bytes.TryGetValue(user, out var known))
            _bytes.TryUpdate(user, known with { Bytes = known.Bytes + bytes.Value }, known);
    }
}
