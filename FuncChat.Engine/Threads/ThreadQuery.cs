using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace FuncChat.Engine.Threads;

/// <summary>Which threads to list.</summary>
/// <param name="Limit">The most threads of a page.</param>
public sealed record ThreadQuery(int Limit)
{
    /// <summary>A text that titles must contain.</summary>
    public string? Search { get; init; }

    /// <summary>Whether archived threads are listed alone (true), with the others (null), or not at all (false).</summary>
    public bool? Archived { get; init; } = false;

    /// <summary>The folder whose threads are listed; an empty text for those in none, null for all.</summary>
    public string? Folder { get; init; }

    /// <summary>Whether only threads that are shared are listed.</summary>
    public bool Shared { get; init; }

    /// <summary>The cursor of an earlier page.</summary>
    public string? After { get; init; }

    /// <summary>Whether the cursor is one that a page returned.</summary>
    public bool IsValid => After is null || TryRead(After, out _, out _);

    /// <summary>Selects a page, the thread that changed last first.</summary>
    public ThreadPage Select(IEnumerable<ThreadSummary> threads)
    {
        var matching = threads
            .Where(thread => Archived is null || thread.Archived == Archived)
            .Where(thread => Search is null || thread.Title.Contains(Search, StringComparison.CurrentCultureIgnoreCase))
            .Where(thread => Folder is null || Folder == (thread.Folder ?? ""))
            .Where(thread => !Shared || thread.ShareId is not null)
            .OrderByDescending(thread => thread.UpdatedAt).ThenBy(thread => thread.Id, StringComparer.Ordinal)
            .AsEnumerable();
        if (After is not null && TryRead(After, out var time, out var id))
            matching = matching.Where(thread => thread.UpdatedAt < time || (thread.UpdatedAt == time && string.CompareOrdinal(thread.Id, id) > 0));
        var page = matching.Take(Limit + 1).ToList();
        return page.Count <= Limit ? new ThreadPage(page, null) : new ThreadPage(page[..Limit], CursorOf(page[Limit - 1]));
    }

    private static string CursorOf(ThreadSummary last) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last.UpdatedAt.UtcTicks} {last.Id}")));

    private static bool TryRead(string cursor, out DateTimeOffset time, out string id)
    {
        (time, id) = (default, "");
        if (!Base64Url.IsValid(cursor))
            return false;
        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split(' ', 2);
        if (parts.Length != 2 || !WholeNumber.TryRead(parts[0], out long ticks) || ticks > DateTimeOffset.MaxValue.UtcTicks)
            return false;
        (time, id) = (new DateTimeOffset(ticks, TimeSpan.Zero), parts[1]);
        return true;
    }
}

/// <summary>Some threads of a user.</summary>
/// <param name="Next">The cursor of the next page; null if this is the last.</param>
public sealed record ThreadPage(IReadOnlyList<ThreadSummary> Threads, string? Next);
