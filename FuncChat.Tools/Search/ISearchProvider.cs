namespace FuncChat.Tools.Search;

/// <summary>A web search service.</summary>
internal interface ISearchProvider
{
    /// <summary>The name that results carry, in lower case.</summary>
    string Name { get; }

    /// <summary>
    /// Finds pages, best first. Further pages of results are asked for as the results are taken, so a caller stops when it
    /// has enough.
    /// </summary>
    /// <param name="limit">How many will be taken; a page of results need not be larger.</param>
    /// <exception cref="ToolException">The provider failed; the message says why, and fits after "provider: ".</exception>
    IAsyncEnumerable<SearchResult> SearchAsync(string query, int limit, CancellationToken cancellationToken);
}
