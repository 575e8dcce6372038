using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using FuncChat.Engine;

namespace FuncChat.Web.Formats.Responses;

/// <summary>The status of an item.</summary>
internal static class ItemStatus
{
    public const string InProgress = "in_progress";
    public const string Completed = "completed";
    public const string Incomplete = "incomplete";
    public const string Failed = "failed";
}

/// <summary>A message of the model.</summary>
internal sealed record MessageItem(string Id, string Status, IReadOnlyList<RawJson> Content)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "message";

    public string Role { get; } = "assistant";
}

/// <summary>Text of a message.</summary>
internal sealed record OutputText(string Text, IReadOnlyList<UrlAnnotation> Annotations)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "output_text";

    public IReadOnlyList<RawJson> Logprobs { get; } = [];
}

/// <summary>A message in which the model declines.</summary>
internal sealed record OutputRefusal(string Refusal)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "refusal";
}

/// <summary>A source that a message cites.</summary>
/// <param name="StartIndex">Where the citation starts in the text.</param>
internal sealed record UrlAnnotation(int StartIndex, int EndIndex, string Url, string Title)
{
    [AllowedValues("url_citation")]
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "url_citation";

    /// <param name="text">The text of the last answer.</param>
    public static List<UrlAnnotation> Of(string text, CitedSources sources) =>
        [.. sources.In(text, isWhole: false).Select(cited => new UrlAnnotation(cited.Start, cited.End, cited.Source.Url, cited.Source.Title))];
}

/// <summary>The model's reasoning.</summary>
internal sealed record ReasoningItem(string Id, string Status, IReadOnlyList<SummaryText> Summary)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "reasoning";

    /// <summary>What the model's provider wants back, for a request that includes it. It is not encrypted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EncryptedContent { get; init; }
}

internal sealed record SummaryText(string Text)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "summary_text";
}

/// <summary>A call of a tool that the client runs.</summary>
internal sealed record FunctionCallItem(string Id, string Status, string CallId, string Name, string Arguments)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "function_call";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Namespace { get; init; }
}

/// <summary>A call of a tool that the client runs, and whose input is text.</summary>
internal sealed record CustomCallItem(string Id, string Status, string CallId, string Name, string Input)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "custom_tool_call";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Namespace { get; init; }
}

/// <summary>A call of a tool that this server runs.</summary>
/// <param name="ServerLabel">The source of the tool; `funcchat` for a built-in one.</param>
internal sealed record McpCallItem(string Id, string Status, string ServerLabel, string Name, string Arguments)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "mcp_call";

    public string? Output { get; init; }

    public McpCallError? Error { get; init; }

    public string? ApprovalRequestId { get; init; }
}

internal sealed record McpCallError(IReadOnlyList<McpErrorText> Content)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "mcp_tool_execution_error";
}

internal sealed record McpErrorText(string Text)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "text";
}

/// <summary>A search of the web that this server runs.</summary>
internal sealed record WebSearchItem(string Id, string Status, WebSearchAction Action)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "web_search_call";
}

internal sealed record WebSearchAction(string Query)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "search";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<WebSearchSource>? Sources { get; init; }
}

internal sealed record WebSearchSource(string Url)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "url";
}

/// <summary>A call that waits for a person's approval, which an input item `mcp_approval_response` gives.</summary>
internal sealed record ApprovalRequestItem(string Id, string ServerLabel, string Name, string Arguments)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "mcp_approval_request";
}
