namespace FuncChat.Tools.Research;

/// <summary>A page that a search found.</summary>
internal sealed record ResearchHit(string Title, string Url);

/// <summary>A page as text.</summary>
internal sealed record ResearchPage(string Title, string Text);

/// <summary>What research needs of a web search.</summary>
internal interface IResearchSearch
{
    /// <exception cref="ToolException">The search failed; the message says why.</exception>
    Task<IReadOnlyList<ResearchHit>> SearchAsync(string query, int limit, CancellationToken cancellationToken);
}

/// <summary>What research needs to read a page.</summary>
internal interface IResearchReader
{
    /// <exception cref="ToolException">The page could not be read; the message says why.</exception>
    Task<ResearchPage> ReadAsync(string url, CancellationToken cancellationToken);
}
