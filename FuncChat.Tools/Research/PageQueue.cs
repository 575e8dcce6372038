using FuncChat.Tools.Fetch;

namespace FuncChat.Tools.Research;

/// <summary>
/// The pages that are still to be read, best first. Each query's first finds come before any query's second ones, and a page that several
/// searches find is there once. What a later round finds comes before what an earlier one left.
/// </summary>
internal sealed class PageQueue
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private Queue<string> _waiting = [];

    public void Add(IReadOnlyList<SearchOutcome> outcomes)
    {
        var found = new List<string>();
        var ranks = outcomes.Select(outcome => outcome.Pages.Count).DefaultIfEmpty().Max();
        for (var rank = 0; rank < ranks; rank++)
        {
            foreach (var outcome in outcomes.Where(outcome => rank < outcome.Pages.Count))
            {
                if (CanonicalUrl.Of(outcome.Pages[rank].Url) is { } address && _seen.Add(address))
                    found.Add(address);
            }
        }

        _waiting = new Queue<string>([.. found, .. _waiting]);
    }

    public IReadOnlyList<string> Take(int most)
    {
        var taken = new List<string>();
        while (taken.Count < most && _waiting.TryDequeue(out var url))
            taken.Add(url);
        return taken;
    }
}
