using FuncChat.Tools.Fetch;
using FuncChat.Tools.Scrape;
using Microsoft.Extensions.Logging;

namespace FuncChat.Tools.Search;

/// <summary>Searches the web: the first provider that answers, in the order of preference.</summary>
public sealed partial class WebSearch
{
    private const int MaxTitle = 300;
    private const int MaxDescription = 1_000;

    // Of what is shortened to these, so that no markup takes seconds to read.
    private const int MaxMarkup = 20_000;

    private readonly IReadOnlyList<ISearchProvider> _providers;
    private readonly TimeProvider _clock;
    private readonly ILogger<WebSearch> _logger;

    internal WebSearch(IEnumerable<ISearchProvider> providers, TimeProvider clock, ILogger<WebSearch> logger)
    {
        _providers = [.. providers];
        _clock = clock;
        _logger = logger;
    }

    /// <summary>Finds up to <paramref name="limit"/> pages, best first, each address once.</summary>
    /// <param name="timeout">For all providers together. A provider that does not respond within half of the remaining time is skipped.</param>
    /// <exception cref="ToolException">No provider returned results. The message has the reason for each.</exception>
    public async Task<IReadOnlyList<SearchResult>> SearchAsync(
        string query, int limit, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);

        var start = _clock.GetTimestamp();
        var failures = new List<string>();
        foreach (var provider in _providers)
        {
            var left = timeout - _clock.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
                break;
            var share = ReferenceEquals(provider, _providers[^1]) ? left : left / 2;
            var (results, failure) = await TryAsync(provider, query, limit, share, cancellationToken);
            if (failure is null || results.Count > 0)
                return results;
            LogFailed(provider.Name, failure);
            failures.Add($"{provider.Name}: {failure}");
        }

        throw new ToolException($"The web search failed ({string.Join("; ", failures)}). Try again later, or answer without it.");
    }

    private async Task<(IReadOnlyList<SearchResult> Results, string? Failure)> TryAsync(
        ISearchProvider provider, string query, int limit, TimeSpan share, CancellationToken cancellationToken)
    {
        var results = new List<SearchResult>();
        using var time = new TimeLimit(share, _clock, cancellationToken);
        try
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            await foreach (var result in provider.SearchAsync(query, limit, time.Token))
            {
                if (Clean(result, provider.ReturnsHtml, time.Token) is { } clean && seen.Add(clean.Url))
                    results.Add(clean);
                if (results.Count == limit)
                    break;
            }

            return (results, null);
        }
        catch (ToolException exception)
        {
            return (results, exception.Message.TrimEnd('.'));
        }
        catch (OperationCanceledException) when (time.Passed)
        {
            return (results, "it did not answer in time");
        }
    }

    private static SearchResult? Clean(SearchResult result, bool isHtml, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(result.Url, UriKind.Absolute, out var url) || !WebUrl.IsHttp(url))
            return null;
        var title = ToLine(result.Title);
        return result with
        {
            Url = url.AbsoluteUri,
            Title = TextCut.Ellipsize(title.Length > 0 ? title : url.Host, MaxTitle - 1),
            Description = TextCut.Ellipsize(ToLine(result.Description), MaxDescription - 1),
        };

        string ToLine(string text)
        {
            text = TextCut.Start(text, MaxMarkup);
            return isHtml ? HtmlDocuments.ToLine(text, cancellationToken) : HtmlDocuments.OneLine(text);
        }
    }

    [LoggerMessage(2101, LogLevel.Warning, "Search provider {Provider} failed: {Failure}")]
    private partial void LogFailed(string provider, string failure);
}
