namespace FuncChat.Tools.Search;

/// <summary>A web search service.</summary>
internal interface ISearchProvider
{
    /// <summary>The name that results carry, in lower case.</summary>
    string Name { get; }

    /// <summary>Whether titles and descriptions are HTML. Otherwise they are plain text, in which tags and entities mean nothing.</summary>
    bool ReturnsHtml { get; }

    /// <summary>
    /// Finds pages, best first. Further pages of results are requested as the caller enumerates them, so the caller can stop at any time.
    /// </summary>
    /// <param name="limit">The most results that the caller reads: a page of results need not be larger.</param>
    /// <exception cref="ToolException">The provider failed. The message has the reason, and follows "provider: ".</exception>
    IAsyncEnumerable<SearchResult> SearchAsync(string query, int limit, CancellationToken cancellationToken);
}
