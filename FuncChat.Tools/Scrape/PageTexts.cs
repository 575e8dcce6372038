using System.Collections.Concurrent;

namespace FuncChat.Tools.Scrape;

/// <summary>The text of a page, or the reason why it is missing.</summary>
/// <param name="Note">What the reader should know about the text, such as that it was cut.</param>
public sealed record PageText(string? Content, string? Note, string? Error);

/// <summary>Reads the pages that a search finds, several at a time. A page is read once, even if several queries find it.</summary>
/// <param name="maxCharacters">The most characters of a page's text.</param>
/// <param name="user">For whom the pages are read.</param>
public sealed class PageTexts(PageReader reader, int maxCharacters, string user) : IDisposable
{
    private const int ReadAtOnce = 8;

    private readonly ConcurrentDictionary<string, Lazy<Task<PageText>>> _texts = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _places = new(ReadAtOnce);

    /// <summary>Remembers the text of a page that was read before, so that it is not read again.</summary>
    public void Remember(string url, PageText text) => _texts[url] = new(Task.FromResult(text));

    /// <summary>Returns the text of a page. A page that can't be read is no exception.</summary>
    /// <param name="timeLeft">Returns how long reading the page may take, once it is its turn.</param>
    public Task<PageText> ReadAsync(string url, Func<TimeSpan> timeLeft, CancellationToken cancellationToken) =>
        _texts.GetOrAdd(url, _ => new(() => ReadOnceAsync(url, timeLeft, cancellationToken))).Value;

    public void Dispose() => _places.Dispose();

    private async Task<PageText> ReadOnceAsync(string url, Func<TimeSpan> timeLeft, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            var left = timeLeft();
            if (left <= TimeSpan.Zero)
                return new(null, null, "There was no time left to read it.");
            var page = (await reader.ReadAsync(url, left, user, cancellationToken)).CutTo(maxCharacters);
            return new(page.Content, page.Note, null);
        }
        catch (ToolException e)
        {
            return new(null, null, e.Message);
        }
        finally
        {
            _places.Release();
        }
    }
}
