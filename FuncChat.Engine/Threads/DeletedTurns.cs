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
        ThreadStorage threads, ThreadDocument thread, IReadOnlyList<ThreadTurn> turns, CancellationToken cancellationToken)
    {
        var deleted = new DeletedTurns();
        deleted._ids.UnionWith(turns.Select(turn => turn.TurnId));
        deleted._contentIds.UnionWith(turns.Select(turn => turn.ContentId));
        foreach (var some in turns.Chunk(ThreadStorage.ParallelReads))
        {
            foreach (var content in await Task.WhenAll(some.Select(turn => threads.ReadAnyTurnAsync(thread.Key, turn.ContentId, cancellationToken))))
                deleted.Add(content);
        }

        deleted._next = await deleted.FindNextAsync(threads, thread.Key, thread.Turns, cancellationToken);
        deleted._nextShared = await deleted.FindNextAsync(threads, thread.Key, thread.SharedTurns, cancellationToken);
        return deleted;
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

    private async Task<(string? TurnId, string Title)> FindNextAsync(
        ThreadStorage threads, ThreadKey key, IEnumerable<ThreadTurn> turns, CancellationToken cancellationToken) =>
        turns.FirstOrDefault(turn => !_ids.Contains(turn.TurnId)) is { } next
            ? (next.TurnId, ThreadTitle.Of((await threads.ReadAnyTurnAsync(key, next.ContentId, cancellationToken))?.Messages ?? []))
            : default;

    private void Add(ThreadTurnContent? content)
    {
        // Of one that is damaged, no title or instructions are known.
        if (content is null)
            return;
        if (ThreadTitle.Of(content.Messages) is { Length: > 0 } title)
            _titles.Add(title);
        if (SharedContent.InstructionsIn(content) is { } instructions)
            _instructions.Add(instructions);
    }

    // Another request may have changed which turn is the first one.
    private static string TitleOf((string? TurnId, string Title) next, IEnumerable<ThreadTurn> rest) =>
        next.TurnId is { } id && rest.FirstOrDefault()?.TurnId == id ? next.Title : "";

    // A model names a thread after its first turn.
    private bool IsNamedAfterThem(ThreadDocument thread) =>
        !thread.TitleIsChosen && (_titles.Contains(thread.Title) || (thread.Turns is [var first, ..] && _ids.Contains(first.TurnId)));

    private bool IsNamedAfterThem(ThreadShare share, ThreadDocument thread) =>
        share.Title == thread.Title ? IsNamedAfterThem(thread) : _titles.Contains(share.Title);
}
