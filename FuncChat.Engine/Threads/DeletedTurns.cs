using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Threads;

/// <summary>Turns that are being deleted. With them go the titles and instructions that come from their messages.</summary>
internal sealed class DeletedTurns
{
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<string> _contentIds = new(StringComparer.Ordinal);
    private readonly HashSet<string> _titles = new(StringComparer.Ordinal);
    private readonly HashSet<string> _instructions = new(StringComparer.Ordinal);
    private (string? TurnId, string Title) _next;
    private (string? TurnId, string Title) _nextShared;

    private DeletedTurns()
    {
    }

    /// <summary>Reads what comes from the messages of these turns.</summary>
    public static async Task<DeletedTurns> ReadAsync(
        ThreadStorage threads, RequestMemory memory, ThreadDocument thread, IReadOnlyList<ThreadTurn> turns, CancellationToken cancellationToken)
    {
        var deleted = new DeletedTurns();
        deleted._ids.UnionWith(turns.Select(turn => turn.TurnId));
        deleted._contentIds.UnionWith(turns.Select(turn => turn.ContentId));
        foreach (var batch in TurnBatch.Split(turns))
        {
            var sources = await memory.RunAsync(
                thread.User, batch.BytesInMemory, () => Task.WhenAll(batch.Turns.Select(turn => ReadAsync(threads, thread.Key, turn, cancellationToken))), cancellationToken);
            deleted._titles.UnionWith(sources.Select(source => source.Title).Where(title => title.Length > 0));
            deleted._instructions.UnionWith(sources.Select(source => source.Instructions).OfType<string>());
        }

        deleted._next = await FindNextAsync(thread.Turns);
        deleted._nextShared = await FindNextAsync(thread.SharedTurns);
        return deleted;

        async Task<(string? TurnId, string Title)> FindNextAsync(IEnumerable<ThreadTurn> all)
        {
            if (all.FirstOrDefault(turn => !deleted._ids.Contains(turn.TurnId)) is not { } next)
                return default;
            var source = await memory.RunAsync(
                thread.User, new TurnBatch([next]).BytesInMemory, () => ReadAsync(threads, thread.Key, next, cancellationToken), cancellationToken);
            return (next.TurnId, source.Title);
        }
    }

    /// <summary>Whether they are these turns, and no others.</summary>
    public bool Are(IReadOnlyList<ThreadTurn> turns) => _contentIds.SetEquals(turns.Select(turn => turn.ContentId));

    /// <summary>The thread, and what its link shows, without the turns.</summary>
    public ThreadDocument RemoveFrom(ThreadDocument thread)
    {
        var rest = thread.Without(_ids);
        return rest with
        {
            Title = IsNamedAfterThem(thread) ? TitleOf(_next, rest.Turns) : thread.Title,
            Share = rest.Share is not { } share ? null : share with
            {
                Title = IsNamedAfterThem(share, thread) ? TitleOf(_nextShared, rest.SharedTurns) : share.Title,
                Instructions = share.Instructions is { } text && text != thread.SystemPrompt && _instructions.Contains(text) ? null : share.Instructions,
            },
        };
    }

    private static async Task<Source> ReadAsync(ThreadStorage threads, ThreadKey key, ThreadTurn turn, CancellationToken cancellationToken)
    {
        // Of one that is damaged, no title or instructions are known.
        return await threads.ReadAnyTurnAsync(key, turn.ContentId, cancellationToken) is { } content
            ? new Source(ThreadTitle.Of(content.Messages), SharedContent.InstructionsIn(content))
            : new Source("", null);
    }

    // Another request may have changed which turn is the first one.
    private static string TitleOf((string? TurnId, string Title) next, IEnumerable<ThreadTurn> rest) =>
        next.TurnId is { } id && rest.FirstOrDefault()?.TurnId == id ? next.Title : "";

    // A model names a thread after its first turn.
    private bool IsNamedAfterThem(ThreadDocument thread) =>
        !thread.TitleIsChosen && (_titles.Contains(thread.Title) || (thread.Turns is [var first, ..] && _ids.Contains(first.TurnId)));

    private bool IsNamedAfterThem(ThreadShare share, ThreadDocument thread) =>
        share.Title == thread.Title ? IsNamedAfterThem(thread) : _titles.Contains(share.Title);

    /// <summary>What comes from the messages of a turn.</summary>
    private sealed record Source(string Title, string? Instructions);
}
