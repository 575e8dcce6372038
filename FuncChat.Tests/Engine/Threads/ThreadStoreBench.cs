using FuncChat.Engine.Threads;

namespace FuncChat.Tests.Engine.Threads;

/// <summary>What the tests of every store of threads use.</summary>
public abstract class ThreadStoreBench
{
    protected static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    protected static CancellationToken None => CancellationToken.None;

    /// <summary>A key of this test alone, where tests share a store.</summary>
    protected ThreadKey Key { get; } = new($"Ada <ada@example.com>/{Guid.NewGuid():N}", "thread-0001");

    /// <summary>An instance over the test's own store: each call returns another one over the same.</summary>
    protected abstract IThreadStore Open();

    /// <summary>The names of all that is stored of this test's user.</summary>
    protected abstract Task<IReadOnlyList<string>> NamesAsync();

    /// <summary>Replaces the document of a thread.</summary>
    protected abstract Task DamageAsync(ThreadKey key, string json);

    protected ThreadDocument Thread() => new() { User = Key.User, Id = Key.ThreadId, CreatedAt = Now, UpdatedAt = Now, Version = 1 };

    protected async Task RemoveAsync(ThreadKey key) => await Open().RemoveAsync(key, (await Open().ReadAsync(key, None))!.ETag, None);

    /// <summary>Lets the store forget what was done today.</summary>
    protected virtual Task PassDayAsync() => Task.CompletedTask;

    protected async Task<List<ThreadDocument>> ExpiredAsync(DateTimeOffset unchangedSince)
    {
        var expired = new List<ThreadDocument>();
        await foreach (var thread in Open().ListExpiredAsync(unchangedSince, None))
            expired.Add(thread);
        return expired;
    }
}
