using FuncChat.Engine.Store;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Turns;

/// <summary>
/// Bounds the bytes of requests that are being read, of stored turns that requests read, and of turns that run in this process, with what the turns add to their
/// conversations, so that large conversations can't use up its memory. One user may hold a quarter of them.
/// </summary>
/// <remarks>What is larger than the bound is accepted while nothing else is held. So a request that reads a long conversation is never refused because of itself.</remarks>
public sealed class RequestMemory(IOptions<TurnOptions> options) : IDisposable
{
    private const int MaxUserShare = 4;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _beyondBounds = new(1);
    private readonly Dictionary<string, long> _ofUser = new(StringComparer.Ordinal);
    private readonly AsyncLocal<HeldReads?> _reads = new();
    private long _total;

    /// <summary>Holds the bytes until the result is disposed, or returns an error if too many are held.</summary>
    public Result<HeldMemory> Hold(string user, long bytes) => Hold(user, bytes, own: OfWork(user));

    /// <summary>Holds the bytes of a turn that is continued, which was admitted when it started.</summary>
    public HeldMemory HoldAdmitted(string user, long bytes)
    {
        lock (_lock)
            return HoldLocked(user, bytes);
    }

    /// <summary>
    /// Holds the bytes during work that is never refused, such as a deletion. Beyond the bounds, such work runs one at a time, so that it
    /// exceeds them by little.
    /// </summary>
    internal async Task<T> RunAsync<T>(string user, long bytes, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        if (Hold(user, bytes) is { Succeeded: true, Value: var within })
        {
            using (within)
                return await work();
        }

        using var one = await EnterBeyondAsync(cancellationToken);
        using var beyond = HoldAdmitted(user, bytes);
        return await work();
    }

    /// <summary>Begins work that reads stored turns. It ends when the result is disposed, and until then, or until the caller returns, flows with the caller's calls.</summary>
    public HeldReads BeginReads(ReadLimit limit)
    {
        var reads = new HeldReads(this, _reads.Value, limit);
        _reads.Value = reads;
        return reads;
    }

    /// <summary>Begins a step of the work that flows here, under the same limit: what the step reads is released when the result is disposed.</summary>
    public HeldReads BeginStep() => BeginReads(_reads.Value is { IsDisposed: false } reads ? reads.Limit : ReadLimit.None);

    /// <summary>Holds what the work that flows here keeps of what it reads, until it ends or, where there is no such work, until the result is disposed.</summary>
    /// <param name="name">Says what it is. The same name again counts once.</param>
    /// <returns>An error if the user, or all users together, hold too much.</returns>
    public Result<HeldMemory> Keep(string user, string name, long bytes)
    {
        if (_reads.Value is not { IsDisposed: false } reads)
            return Hold(user, bytes);
        return reads.TryHold(name, user, bytes) is { } error ? error : HoldAdmitted(user, 0);
    }

    /// <summary>What this work has read has become part of a turn, which counts it.</summary>
    internal void ReleaseReads() => _reads.Value?.Release();

    /// <param name="own">What the same work holds already, which does not count as something else of the user.</param>
    internal Result<HeldMemory> Hold(string user, long bytes, long own)
    {
        lock (_lock)
            return FindErrorLocked(user, bytes, own, ownOfAll: 0) is { } error ? error : HoldLocked(user, bytes);
    }

    /// <summary>Returns what counts the reads of a turn that is opened now.</summary>
    internal TurnReads ReadsOf(TurnKey key) => new(this, _reads.Value is { IsDisposed: false } reads ? reads : null, key);

    internal IDisposable Flow(HeldReads reads)
    {
        var flow = new Flowing(this, _reads.Value);
        _reads.Value = reads;
        return flow;
    }

    internal void Leave(HeldReads reads, HeldReads? outer)
    {
        if (_reads.Value == reads)
            _reads.Value = outer;
    }

    /// <summary>Waits until no other work exceeds the bounds.</summary>
    internal async Task<IDisposable> EnterBeyondAsync(CancellationToken cancellationToken)
    {
        await _beyondBounds.WaitAsync(cancellationToken);
        return new Beyond(_beyondBounds);
    }

    public void Dispose() => _beyondBounds.Dispose();

    /// <summary>Holds more. Returns an error if the user, or all users together, hold too much; the bytes are held anyway, since they are in use.</summary>
    internal AppError? Grow(string user, long bytes, long own)
    {
        lock (_lock)
        {
            var error = FindErrorLocked(user, bytes, own, own);
            AddLocked(user, bytes);
            return error;
        }
    }

    /// <summary>The bytes that a user holds.</summary>
    internal long HeldBy(string user)
    {
        lock (_lock)
            return _ofUser.GetValueOrDefault(user);
    }

    internal void Release(string user, long bytes)
    {
        lock (_lock)
            AddLocked(user, -bytes);
    }

    private long OfWork(string user) => _reads.Value is { IsDisposed: false } reads ? reads.HeldBy(user) : 0;

    // What a turn or a request holds itself does not count as something else. One request may still hold no more than all together, if it reads many turns.
    private AppError? FindErrorLocked(string user, long bytes, long own, long ownOfAll)
    {
        var limit = options.Value.MaxRequestBytes;
        var ofUser = _ofUser.GetValueOrDefault(user);
        if (ofUser > own && ofUser + bytes > limit / MaxUserShare)
            return TurnErrors.TooManyBytesOfUser(limit / MaxUserShare);
        return _total > ownOfAll && _total + bytes > limit ? TurnErrors.TooManyBytesInTotal : null;
    }

    private HeldMemory HoldLocked(string user, long bytes)
    {
        AddLocked(user, bytes);
        return new HeldMemory(this, user, bytes);
    }

    private void AddLocked(string user, long bytes)
    {
        _total += bytes;
        var ofUser = _ofUser.GetValueOrDefault(user) + bytes;
        if (ofUser == 0)
            _ofUser.Remove(user);
        else
            _ofUser[user] = ofUser;
    }

    private sealed class Beyond(SemaphoreSlim entered) : IDisposable
    {
        public void Dispose() => entered.Release();
    }

    private sealed class Flowing(RequestMemory memory, HeldReads? outer) : IDisposable
    {
        public void Dispose() => memory._reads.Value = outer;
    }
}
