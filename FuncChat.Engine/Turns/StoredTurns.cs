using FuncChat.Engine.Events;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>A turn as it is stored.</summary>
/// <param name="Started">When it started.</param>
/// <param name="LastEventId">The id of its last event; 0 if it has none.</param>
/// <param name="Status">Its status after that event.</param>
public sealed record StoredTurn(TurnRequest Request, DateTimeOffset Started, long LastEventId, TurnStatus Status);

/// <summary>Reads turns as they are stored, without following or continuing them.</summary>
public sealed class StoredTurns
{
    private readonly TurnStorage _storage;
    private readonly TurnKinds _kinds;
    private readonly ITurnRecords _records;
    private readonly RequestMemory _memory;

    internal StoredTurns(TurnStorage storage, TurnKinds kinds, ITurnRecords records, RequestMemory memory)
    {
        _memory = memory;
        _storage = storage;
        _kinds = kinds;
        _records = records;
    }

    /// <summary>Whether an error is that of a damaged turn.</summary>
    public static bool IsDamage(AppError error) => error == TurnErrors.Damaged;

    /// <summary>Reads a turn from its first event to the last one that is stored.</summary>
    /// <param name="apply">Receives each event with its id. Events that a newer version wrote and this one does not know are skipped.</param>
    /// <returns>The turn, or an error if there is no such turn or the store failed.</returns>
    public Task<Result<StoredTurn>> ReadAsync(TurnKey key, Action<long, TurnEvent> apply, CancellationToken cancellationToken) =>
        ReadAsync(key, (_, _) => apply, cancellationToken);

    /// <inheritdoc cref="ReadAsync(TurnKey, Action{long, TurnEvent}, CancellationToken)"/>
    /// <param name="open">Receives the turn's request and when it started, and returns what receives each event with its id.</param>
    public Task<Result<StoredTurn>> ReadAsync(
        TurnKey key, Func<TurnRequest, DateTimeOffset, Action<long, TurnEvent>> open, CancellationToken cancellationToken) => StoreErrors.CatchAsync<StoredTurn>(async () =>
    {
        await using var reader = await _storage.OpenAsync(key, cancellationToken);
        if (reader is null)
            return TurnErrors.NotFound;
        var header = TurnHeader.Parse((await reader.ReadHeaderAsync(cancellationToken)).Span, _kinds);
        if ((await _records.ReadAsync(key, header.Request, cancellationToken)).IsDeleted)
            return TurnErrors.NotFound;
        var apply = open(header.Request, header.Started);
        var (lastId, status) = await ReadToEndAsync(reader, apply, cancellationToken);
        return new StoredTurn(header.Request, header.Started, lastId, status);
    });

    /// <summary>Reads the events of a turn alone, for one who follows it. This is not refused: where it is large, it waits until it has the memory.</summary>
    /// <returns>An error if there is no such turn or the store failed.</returns>
    public Task<AppError?> ReadEventsAsync(TurnKey key, Action<long, TurnEvent> apply, CancellationToken cancellationToken) => StoreErrors.CatchAsync(async () =>
    {
        using var reads = _memory.BeginReads(ReadLimit.Wait);
        await using var reader = await _storage.OpenAsync(key, cancellationToken);
        if (reader is null)
            return TurnErrors.NotFound;
        await ReadToEndAsync(reader, apply, cancellationToken);
        return null;
    });

    private static async Task<(long LastId, TurnStatus Status)> ReadToEndAsync(ITurnReader reader, Action<long, TurnEvent> apply, CancellationToken cancellationToken)
    {
        var (lastId, status) = (0L, TurnStatus.Running);
        while (await reader.ReadAsync(lastId, cancellationToken) is { IsEmpty: false } page)
        {
            var previousId = lastId;
            (lastId, status) = (page.LastId, page.Status);
            StoredFrames.Decode(() => Apply(page.Frames, previousId, apply));
        }

        return (lastId, status);
    }

    private static void Apply(ReadOnlyMemory<byte> frames, long previousId, Action<long, TurnEvent> apply)
    {
        foreach (var frame in StoredFrames.Split(frames))
        {
            StoredFrames.CheckOrder(previousId, frame.Id);
            previousId = frame.Id;
            if (frame.TryDecode() is { } turnEvent)
                apply(frame.Id, turnEvent);
        }
    }
}
