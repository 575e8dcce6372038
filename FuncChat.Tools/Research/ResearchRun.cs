namespace FuncChat.Tools.Research;

/// <summary>One run of research. What it does outside is done in steps, so that a continued run repeats nothing.</summary>
internal sealed class ResearchRun(IResearchWeb web, IToolRun run, string question, int maxSources)
{
    private const int MostQueries = 4;
    private const int MostFollowUps = 3;
    private const int ResultsPerQuery = 10;
    private const int PagesAtOnce = 4;

    private readonly PageQueue _pages = new();
    private readonly List<string> _queries = [];
    private readonly List<PageNote> _notes = [];
    private readonly List<ResearchFailure> _failed = [];

    /// <exception cref="ToolException">Nothing was found, nothing could be read, or the model wrote no answer.</exception>
    public async Task<ResearchResult> RunAsync(int depth, CancellationToken cancellationToken)
    {
        run.Report("Planning the searches");
        var plan = await run.StepAsync("plan", PlanAsync, cancellationToken);

        // With a second round to come, the first one leaves sources for it.
        await RoundAsync(plan, depth > 1 ? (maxSources + 1) / 2 : maxSources, cancellationToken);
        if (depth > 1 && _notes.Count > 0)
        {
            run.Report("Planning what to ask next", _notes.Count, maxSources);
            var followUp = await run.StepAsync("follow-up", FollowUpAsync, cancellationToken);
            await RoundAsync(followUp, maxSources, cancellationToken);
        }

        if (_notes.Count == 0)
            throw new ToolException(WhyNothing());

        run.Report("Writing the answer", _notes.Count, _notes.Count);
        var answer = await run.StepAsync(
            "answer",
            token => run.AskModelAsync("research_answer", ResearchPrompts.AnswerInstructions, ResearchPrompts.Notes(question, _notes), token),
            cancellationToken);
        return new(answer, [.. _notes.Select((note, index) => new ResearchSource(index + 1, note.Title, note.Url))], _failed, _queries);
    }

    /// <summary>Searches, and reads until there are <paramref name="target"/> notes or no more pages. A page that fails makes room for the next one.</summary>
    private async Task RoundAsync(PlanOutcome plan, int target, CancellationToken cancellationToken)
    {
        if (plan.Error is not null)
            _failed.Add(new ResearchFailure(null, null, plan.Error));
        var queries = plan.Queries.Except(_queries, StringComparer.OrdinalIgnoreCase).ToList();
        if (queries.Count > 0)
            run.Report($"Searching: {string.Join(", ", queries)}", _notes.Count, maxSources);
        _queries.AddRange(queries);
        var outcomes = await Task.WhenAll(queries.Select(
            query => run.StepAsync($"search {query}", token => SearchAsync(query, token), cancellationToken)));
        _failed.AddRange(outcomes.Where(outcome => outcome.Error is not null)
            .Select(outcome => new ResearchFailure(null, outcome.Query, outcome.Error!)));
        _pages.Add(outcomes);

        // Twice as many tries as sources are enough: where more fail than not, the next ones do too.
        for (var tries = 2 * maxSources; _notes.Count < target && tries > 0;)
        {
            var urls = _pages.Take(Math.Min(target - _notes.Count, tries));
            if (urls.Count == 0)
                break;
            tries -= urls.Count;
            Record(await ReadAllAsync(urls, cancellationToken));
        }
    }

    private void Record(IEnumerable<PageNote> notes)
    {
        foreach (var note in notes)
        {
            if (note.Error is null)
                _notes.Add(note);
            else
                _failed.Add(new ResearchFailure(note.Url, null, note.Error));
        }
    }

    private async Task<PageNote[]> ReadAllAsync(IReadOnlyList<string> urls, CancellationToken cancellationToken)
    {
        var notes = new PageNote[urls.Count];
        var total = _notes.Count + urls.Count;
        var read = _notes.Count;
        var gate = new Lock();
        Report(read);
        var limit = new ParallelOptions { MaxDegreeOfParallelism = PagesAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, urls.Count, limit, async (index, _) =>
        {
            // If one page ends the run, because a budget must be raised, the others that have begun are still completed and stored.
            notes[index] = await run.StepAsync($"read {urls[index]}", token => ReadAsync(urls[index], token), cancellationToken);
            if (notes[index].Error is null)
            {
                // Counting and reporting together, so that the number never goes down.
                lock (gate)
                    Report(++read);
            }
        });
        return notes;

        void Report(int completed) => run.Report($"{completed} of {total} pages read", completed, total);
    }

    private async Task<PlanOutcome> PlanAsync(CancellationToken cancellationToken)
    {
        try
        {
            var plan = await run.AskModelAsync(
                "research_plan", ResearchPrompts.PlanInstructions(MostQueries), ResearchPrompts.Question(question), cancellationToken);
            return new(QueryList.Parse(plan, MostQueries) is { Count: > 0 } queries ? queries : [question]);
        }
        catch (ToolException exception)
        {
            return new([question], $"The searches were not planned: {exception.Message}");
        }
    }

    private async Task<PlanOutcome> FollowUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            var plan = await run.AskModelAsync(
                "research_follow_up", ResearchPrompts.FollowUpInstructions(MostFollowUps), ResearchPrompts.Notes(question, _notes), cancellationToken);
            return new(QueryList.Parse(plan, MostFollowUps) ?? []);
        }
        catch (ToolException exception)
        {
            return new([], $"No follow-up was planned: {exception.Message}");
        }
    }

    private async Task<SearchOutcome> SearchAsync(string query, CancellationToken cancellationToken)
    {
        try
        {
            return new(query, await web.SearchAsync(query, ResultsPerQuery, cancellationToken), null);
        }
        catch (ToolException exception)
        {
            return new(query, [], exception.Message);
        }
    }

    private async Task<PageNote> ReadAsync(string url, CancellationToken cancellationToken)
    {
        try
        {
            var page = await web.ReadAsync(url, run.User.Id, cancellationToken);
            var summary = await run.AskModelAsync(
                "page_summary", ResearchPrompts.SummaryInstructions, ResearchPrompts.Page(question, page), cancellationToken);
            return new(url, page.Title, summary, null);
        }
        catch (ToolException exception)
        {
            return new(url, "", "", exception.Message);
        }
    }

    private string WhyNothing()
    {
        var pages = _failed.Count(failure => failure.Url is not null);
        if (pages > 0)
            return $"Not one of {pages} pages could be read, so there is nothing to answer from. The last one: {_failed[^1].Error}";
        return _failed.Count > 0 ? _failed[^1].Error : "The searches found no pages. Rephrase the question.";
    }
}
