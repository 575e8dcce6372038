using FuncChat.Engine;

namespace FuncChat.Web.Formats.UiMessages;

/// <summary>The data part `data-tool-progress`: the state of a tool call that runs.</summary>
internal sealed record UiToolProgress(string ToolCallId, string ToolName, string Status)
{
    public string? Message { get; init; }

    public int? Completed { get; init; }

    public int? Total { get; init; }
}

/// <summary>
/// The data parts `data-input-request`, `data-budget-request` and, for clients without approvals, `data-approval-request`: what the turn waits for. A signal
/// answers it.
/// </summary>
internal sealed record UiPersonRequest(string TurnId, string RequestId, DateTimeOffset ExpiresAt)
{
    public string? ToolCallId { get; init; }

    public string? ToolName { get; init; }

    /// <summary>The arguments of the tool call that needs an approval.</summary>
    [RawJson("JsonValue")]
    public RawJson? Input { get; init; }

    /// <summary>The question, or why the call needs an approval.</summary>
    public string? Message { get; init; }

    /// <summary>The page that the person is asked to open, in place of a form.</summary>
    public string? Url { get; init; }

    /// <summary>The MCP server that the person is asked to sign in to, in place of a form.</summary>
    public string? SignIn { get; init; }

    /// <summary>The JSON Schema of the answer to a question.</summary>
    [RawJson("JsonSchema")]
    public RawJson? Schema { get; init; }

    /// <summary>The name of the limit that was reached.</summary>
    public string? Limit { get; init; }

    public decimal? Used { get; init; }

    public decimal? Needed { get; init; }

    /// <summary>`approve`, `deny`, `answer` or `expired`, once the request is answered.</summary>
    public string? Answer { get; init; }
}
