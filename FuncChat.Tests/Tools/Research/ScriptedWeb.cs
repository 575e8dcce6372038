using System.Collections.Concurrent;
using FuncChat.Tools;
using FuncChat.Tools.Research;

namespace FuncChat.Tests.Tools.Research;

/// <summary>A web of a few pages. A search or a page that is not in it fails.</summary>
internal sealed class ScriptedWeb : IResearchWeb
{
    public Dictionary<string, string[]> Finds { get; } = [];

    public Dictionary<string, string> Pages { get; } = [];

    public ConcurrentQueue<string> Searched { get; } = [];

    public ConcurrentQueue<string> Read { get; } = [];

    /// <summary>The tokens with which pages were read.</summary>
    public ConcurrentQueue<CancellationToken> ReadTokens { get; } = [];

    public Task<IReadOnlyList<ResearchHit>> SearchAsync(string query, int limit, CancellationToken cancellationToken)
    {
        Searched.Enqueue(query);
        return Finds.TryGetValue(query, out var urls)
            ? Task.FromResult<IReadOnlyList<ResearchHit>>([.. urls.Select(url => new ResearchHit($"Found {url}", url))])
            : throw new ToolException("The search provider did not answer.");
    }

    public Task<ResearchPage> ReadAsync(string url, string user, CancellationToken cancellationToken)
    {
        Read.Enqueue(url);
        ReadTokens.Enqueue(cancellationToken);
        return Pages.TryGetValue(url, out var text) ? Task.FromResult(new ResearchPage($"Title of {url}", text)) : throw new ToolException("404 Not Found.");
    }
}
