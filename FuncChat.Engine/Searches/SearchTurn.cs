using FuncChat.Engine.Events;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Engine.Usage;
using FuncChat.Tools;
using FuncChat.Tools.Scrape;
using FuncChat.Tools.Search;
using FuncChat.Tools.Fetch;

namespace FuncChat.Engine.Searches;

/// <summary>
/// Runs a web search: all queries in parallel, with an event when each has ended. A search that was interrupted continues with the queries that have no
/// result yet.
/// </summary>
internal sealed class SearchTurn(
    TurnKey key, SearchTurnRequest request, WebSearch search, PageReader reader, TurnUsage usage, TimeProvider time) : ITurnHandler
{
    private const int MaxCharacters = 10_000;

    private readonly SortedDictionary<int, SearchResultEvent> _answers = [];
    private readonly Dictionary<int, SearchErrorEvent> _failures = [];
    private bool _started;

    public void Replay(TurnEvent turnEvent) => Apply(turnEvent);

    public async Task<TurnRunResult> RunAsync(TurnEventWriter events, Func<bool> leave, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_started)
            await StartAsync(events);
        await FinishQueriesAsync(events, leave, cancellationToken);
        if (_answers.Count + _failures.Count < request.Queries.Count)
            return TurnRunResult.HandedOver;
        await EmitAsync(Outcome(), events);
        return TurnRunResult.Ended;
    }

    // Each query is a run of the tool `search_web`. Those for which the user's limit has no room fail with the start, so that they never run.
    private async Task StartAsync(TurnEventWriter events)
    {
        List<SearchErrorEvent> refused = [];
        for (var index = 0; index < request.Queries.Count; index++)
        {
            if (await usage.AddToolRunAsync(key.User) is { } reached)
                refused.Add(new SearchErrorEvent(request.Queries[index], index, reached.Message));
        }

        TurnEvent[] first = [new SearchStartEvent(key.TurnId, request.Queries, request.MaxResults), .. refused];
        foreach (var turnEvent in first)
        {
            events.Append(turnEvent);
            Apply(turnEvent);
        }

        await events.StoreAsync();
    }

    private async Task FinishQueriesAsync(TurnEventWriter events, Func<bool> leave, CancellationToken cancellationToken)
    {
        using var pages = new PageTexts(reader, MaxCharacters, key.User);
        foreach (var page in _answers.Values.SelectMany(answer => answer.Results).Where(page => page.Content is not null || page.ContentError is not null))
            pages.Remember(page.Url, new PageText(page.Content, page.ContentNote, page.ContentError));

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var queries = Enumerable.Range(0, request.Queries.Count)
            .Where(index => !_answers.ContainsKey(index) && !_failures.ContainsKey(index))
            .Select(index => ThreadPoolSynchronizationContext.RunAsync(() => QueryAsync(index, pages, stop.Token)))
            .ToList();
        try
        {
            await foreach (var ended in Task.WhenEach(queries))
            {
                await EmitAsync(await ended, events);
                if (leave())
                    break;
            }
        }
        finally
        {
            // No page is read after this returns.
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(queries)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<TurnEvent> QueryAsync(int index, PageTexts pages, CancellationToken cancellationToken)
    {
        var query = request.Queries[index];
        var timeout = TimeSpan.FromSeconds(request.Timeout);
        try
        {
            var found = PagesOf(await search.SearchAsync(query, request.MaxResults, timeout, cancellationToken));
            var start = time.GetTimestamp();
            TimeSpan TimeLeft() => timeout - time.GetElapsedTime(start);
            if (request.IncludeContent)
                found = await Task.WhenAll(found.Select(ReadAsync));
            return new SearchResultEvent(query, index, found.Length, found);

            async Task<FoundPage> ReadAsync(FoundPage page)
            {
                var text = await pages.ReadAsync(page.Url, TimeLeft, cancellationToken);
                return page with { Content = text.Content, ContentNote = text.Note, ContentError = text.Error };
            }
        }
        catch (ToolException e)
        {
            return new SearchErrorEvent(query, index, e.Message);
        }
    }

    private static FoundPage[] PagesOf(IEnumerable<SearchResult> results) =>
    [
        .. results.Select(result => (Result: result, Url: CanonicalUrl.Of(result.Url)!))
            .DistinctBy(found => found.Url, StringComparer.Ordinal)
            .Select((found, place) => new FoundPage(found.Url, found.Result.Title, found.Result.Description, PageMerge.ScoreAt(place))),
    ];

    private TurnEvent Outcome() => _answers.Count > 0
        ? new SearchCompleteEvent("success", PageMerge.Merge(_answers.Values))
        : new ErrorEvent(
            _failures.Count == 1 ? _failures[0].Error : $"All {_failures.Count} searches failed. The first: {_failures[0].Error}",
            ErrorCode.UpstreamError, Retryable: true);

    private ValueTask EmitAsync(TurnEvent turnEvent, TurnEventWriter events)
    {
        events.Append(turnEvent);
        Apply(turnEvent);
        return events.StoreAsync();
    }

    private void Apply(TurnEvent turnEvent)
    {
        switch (turnEvent)
        {
            case SearchStartEvent:
                _started = true;
                break;
            case SearchResultEvent answered:
                _answers[answered.Index] = answered;
                break;
            case SearchErrorEvent failed:
                _failures[failed.Index] = failed;
                break;
        }
    }
}
