namespace FuncChat.Tools.Research;

/// <summary>A page that a search found.</summary>
internal sealed record ResearchHit(string Title, string Url);

/// <summary>A page as text.</summary>
internal sealed record ResearchPage(string Title, string Text);

/// <summary>The web as research uses it.</summary>
internal interface IResearchWeb
{
    /// <exception cref="ToolException">The search failed. The message has the reason.</exception>
    Task<IReadOnlyList<ResearchHit>> SearchAsync(string query, int limit, CancellationToken cancellationToken);

    /// <param name="user">For whom the page is read.</param>
    /// <exception cref="ToolException">The page can't be read. The message has the reason.</exception>
    Task<ResearchPage> ReadAsync(string url, string user, CancellationToken cancellationToken);
}
