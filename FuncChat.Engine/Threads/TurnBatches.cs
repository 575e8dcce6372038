namespace FuncChat.Engine.Threads;

/// <summary>Splits turns into those whose contents are in memory at the same time: a few, and a large one alone.</summary>
public static class TurnBatches
{
    private const int MaxTurns = 8;
    private const long MaxBytes = 1024 * 1024;

    /// <summary>The turns in their order, in batches.</summary>
    public static IEnumerable<IReadOnlyList<ThreadTurn>> Of(IEnumerable<ThreadTurn> turns)
    {
        var batch = new List<ThreadTurn>();
        var bytes = 0L;
        foreach (var turn in turns)
        {
            if (batch.Count == MaxTurns || (batch.Count > 0 && bytes + turn.Bytes > MaxBytes))
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }

            batch.Add(turn);
            bytes += turn.Bytes;
        }

        if (batch.Count > 0)
            yield return batch;
    }

    /// <summary>The most bytes that a batch of these turns keeps in memory: as its contents are stored, and as they are parsed.</summary>
    public static long BytesAtOnce(IEnumerable<ThreadTurn> turns) => 2 * Of(turns).Select(batch => batch.Sum(turn => turn.Bytes)).DefaultIfEmpty().Max();
}
