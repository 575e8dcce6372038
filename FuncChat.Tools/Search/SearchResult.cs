namespace FuncChat.Tools.Search;

/// <summary>One result of a web search.</summary>
/// <param name="Url">An absolute http or https address.</param>
/// <param name="Description">The provider's excerpt or description of the page, without markup; may be empty.</param>
/// <param name="Provider">The provider that found it: brave, tavily, searxng or duckduckgo.</param>
public sealed record SearchResult(string Title, string Url, string Description, string Provider);
