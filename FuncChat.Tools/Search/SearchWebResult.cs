using System.Text.Json.Serialization;

namespace FuncChat.Tools.Search;

/// <summary>What `search_web` returns.</summary>
internal sealed record SearchWebResult
{
    public required string Query { get; init; }

    public required IReadOnlyList<SearchedPage> Results { get; init; }

    /// <summary>What the pages say about the query together.</summary>
    public string? Summary { get; init; }

    [JsonPropertyName("summary_error")]
    public string? SummaryError { get; init; }

    public string? Note { get; init; }
}

/// <summary>A search result, with what was read of its page where that was asked for.</summary>
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

    /// <summary>What the page says about the query.</summary>
    public string? Summary { get; init; }

    [JsonPropertyName("summary_error")]
    public string? SummaryError { get; init; }
}
