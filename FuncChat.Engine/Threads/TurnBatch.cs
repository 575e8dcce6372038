namespace FuncChat.Engine.Threads;

/// <summary>Turns whose contents are in memory at the same time: a few, or a large one alone.</summary>
public sealed record TurnBatch(IReadOnlyList<ThreadTurn> Turns)
{
    private const int MaxTurns = 8;
    private const long MaxBytes = 1024 * 1024;

    /// <summary>The bytes that the contents take in memory: as they are stored, and as they are parsed.</summary>
    public long BytesInMemory => 2 * Turns.Sum(turn => turn.Bytes);

    /// <summary>Splits turns into batches, in their order.</summary>
    public static IEnumerable<TurnBatch> Split(IEnumerable<ThreadTurn> turns)
    {
        var batch = new List<ThreadTurn>();
        var bytes = 0L;
        foreach (var turn in turns)
        {
            if (batch.Count == MaxTurns || (batch.Count > 0 && bytes + turn.Bytes > MaxBytes))
            {
                yield return new TurnBatch(batch);
                (batch, bytes) = ([], 0);
            }

            batch.Add(turn);
            bytes += turn.Bytes;
        }

        if (batch.Count > 0)
            yield return new TurnBatch(batch);
    }

    /// <summary>The most bytes that are in memory while these turns are read in batches.</summary>
    public static long MostBytesInMemory(IEnumerable<ThreadTurn> turns) => Split(turns).Select(batch => batch.BytesInMemory).DefaultIfEmpty().Max();
}
