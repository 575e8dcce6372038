using System.Collections.Concurrent;
using FuncChat.Engine.Events;
using FuncChat.Tools;
using FuncChat.Tools.Scrape;

namespace FuncChat.Engine.Searches;

/// <summary>The texts of the pages that a search finds. A page is read once, even if several queries find it.</summary>
internal sealed class PageTexts(PageReader reader) : IDisposable
{
    private const int MaxCharacters = 10_000;
    private const int ReadAtOnce = 8;

    private readonly ConcurrentDictionary<string, Lazy<Task<PageText>>> _texts = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _places = new(ReadAtOnce);

    /// <summary>Remembers a page that was read before, so that it is not read again.</summary>
    public void Remember(FoundPage page)
    {
        if (page.Content is not null || page.ContentError is not null)
            _texts[page.Url] = new(Task.FromResult(new PageText(page.Content, page.ContentNote, page.ContentError)));
    }

    /// <summary>Returns the page with its text, or with the reason why the text is missing.</summary>
    /// <param name="timeLeft">Returns how long reading the page may take, once it is its turn.</param>
    public async Task<FoundPage> ReadAsync(FoundPage page, Func<TimeSpan> timeLeft, CancellationToken cancellationToken)
    {
        var text = await _texts.GetOrAdd(page.Url, url => new(() => ReadAsync(url, timeLeft, cancellationToken))).Value;
        return page with { Content = text.Content, ContentNote = text.Note, ContentError = text.Error };
    }

    public void Dispose() => _places.Dispose();

    private async Task<PageText> ReadAsync(string url, Func<TimeSpan> timeLeft, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            var left = timeLeft();
            if (left <= TimeSpan.Zero)
                return new(null, null, "There was no time left to read it.");
            var page = (await reader.ReadAsync(url, left, cancellationToken)).CutTo(MaxCharacters);
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

    private sealed record PageText(string? Content, string? Note, string? Error);
}
