using System.Text.Json.Serialization;

namespace FuncChat.Tools.Search;

/// <summary>What `search_web` returns.</summary>
internal sealed record SearchWebResult
{
    public required string Query { get; init; }

    public required IReadOnlyList<SearchedPage> Results { get; init; }

    /// <summary>The summary of all pages.</summary>
    public string? Summary { get; init; }

    [JsonPropertyName("summary_error")]
    public string? SummaryError { get; init; }

    public string? Note { get; init; }
}

/// <summary>A search result, with the text of its page if the call requests it.</summary>
internal sealed record SearchedPage
{
    /// <summary>The number to cite it by.</summary>
    public required int N { get; init; }

    public required string Title { get; init; }

    public required string Url { get; init; }

    public required string Description { get; init; }

    public required string Provider { get; init; }

    public string? Content { get; init; }

    [JsonPropertyName("content_note")]
    public string? ContentNote { get; init; }

    [JsonPropertyName("content_error")]
    public string? ContentError { get; init; }

    /// <summary>The summary of the page.</summary>
    public string? Summary { get; init; }

    [JsonPropertyName("summary_error")]
    public string? SummaryError { get; init; }
}
