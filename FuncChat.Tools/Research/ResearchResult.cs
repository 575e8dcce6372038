using System.Text.Json.Serialization;

namespace FuncChat.Tools.Research;

/// <summary>The result of a research run, for the model.</summary>
/// <param name="Answer">Markdown; it cites its sources as `[n]`.</param>
internal sealed record ResearchResult(
    [property: JsonPropertyName("answer")] string Answer,
    [property: JsonPropertyName("sources")] IReadOnlyList<ResearchSource> Sources,
    [property: JsonPropertyName("failed")] IReadOnlyList<ResearchFailure> Failed,
    [property: JsonPropertyName("queries")] IReadOnlyList<string> Queries);

/// <summary>A page that the answer is based on.</summary>
internal sealed record ResearchSource(
    [property: JsonPropertyName("n")] int N,
    [property: JsonPropertyName("title")] string Title,
    [property: JsonPropertyName("url")] string Url);

/// <summary>A page or a search that failed, while others did not.</summary>
internal sealed record ResearchFailure(
    [property: JsonPropertyName("url"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Url,
    [property: JsonPropertyName("query"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Query,
    [property: JsonPropertyName("error")] string Error);
