using System.ComponentModel.DataAnnotations;

namespace FuncChat.Engine.Events;

/// <summary>A request to a person. The turn is parked while it waits for the answer.</summary>
public interface IPersonRequest
{
    /// <summary>The id that a signal names to answer the request; unique in the turn.</summary>
    string Id { get; }

    /// <summary>From this time on, the request can't be answered and counts as denied.</summary>
    DateTimeOffset ExpiresAt { get; }
}

/// <summary>A tool call waits for a person's approval.</summary>
/// <param name="Arguments">A JSON object as text.</param>
public sealed record ApprovalRequestEvent(string Id, string CallId, string Name, string Arguments, DateTimeOffset ExpiresAt) : TurnEvent, IPersonRequest
{
    /// <summary>Why the call needs an approval.</summary>
    public string? Reason { get; init; }

    /// <summary>The reason as a code, for clients that have texts of their own.</summary>
    [AllowedValues("changes", "deletes", "each_call", "made_up_address")]
    public string? ReasonCode { get; init; }

    /// <summary>True if the approval may hold for later calls of the tool too. Absent if each call needs its own.</summary>
    public bool? AllowsAlways { get; init; }

    /// <summary>The id of the user whose turn it is, for approvers. Absent if users approve the calls of their own turns.</summary>
    public string? Owner { get; init; }
}

/// <summary>A tool asks the person a question.</summary>
/// <param name="Schema">The JSON Schema of the answer, an object with properties of simple types.</param>
public sealed record InputRequestEvent(string Id, string CallId, string Message, [property: RawJson("JsonSchema")] RawJson Schema, DateTimeOffset ExpiresAt) : TurnEvent, IPersonRequest
{
    /// <summary>The page that the person is asked to open, in place of a form. It comes from the tool and may be hostile: show all of it, and let the person open it.</summary>
    public string? Url { get; init; }

    /// <summary>The MCP server that the person is asked to sign in to, in place of a form.</summary>
    public string? SignIn { get; init; }
}

/// <summary>A budget has no room for the next model call. An administrator can raise it and let the turn continue.</summary>
/// <param name="Limit">The name of the budget, such as `user_cost_per_month`.</param>
/// <param name="Used">How much of it is used: tokens, or an amount of the currency.</param>
/// <param name="Needed">How much the next model call needs at least.</param>
public sealed record BudgetRequestEvent(string Id, string Limit, decimal Used, decimal Needed, DateTimeOffset ExpiresAt) : TurnEvent, IPersonRequest
{
    /// <summary>The tool call whose next model call needs it. Absent if the turn's own next model call does.</summary>
    public string? CallId { get; init; }

    /// <summary>The budget, raises included.</summary>
    public decimal? Allowed { get; init; }

    /// <summary>By how much an approval without an amount raises it.</summary>
    public decimal? Raise { get; init; }

    /// <summary>The currency of the amounts. Absent for a budget in tokens.</summary>
    public string? Currency { get; init; }

    /// <summary>When the period of the budget ends, and the raise with it.</summary>
    public DateTimeOffset? ResetsAt { get; init; }

    /// <summary>The id of the user whose turn it is, for administrators.</summary>
    public string? Owner { get; init; }
}

/// <summary>Most of a budget of the user is used. Reported once in a turn for each budget.</summary>
/// <param name="Limit">The name of the budget, such as `user_cost_per_month`.</param>
/// <param name="Used">How much of it is used: tokens, or an amount of the currency.</param>
/// <param name="Allowed">The budget, raises included.</param>
/// <param name="ResetsAt">When the period of the budget ends.</param>
public sealed record BudgetWarningEvent(string Limit, decimal Used, decimal Allowed, DateTimeOffset ResetsAt) : TurnEvent
{
    /// <summary>The currency of the amounts. Absent for a budget in tokens.</summary>
    public string? Currency { get; init; }
}

/// <summary>A request was answered, or expired.</summary>
/// <param name="Type">`approve`, `deny`, `answer` or `expired`.</param>
/// <param name="By">The id of the user who answered; `server` if the request expired.</param>
/// <param name="At">When.</param>
public sealed record RequestAnsweredEvent(
    string Id, [property: AllowedValues("approve", "deny", "answer", "expired")] string Type, string By, DateTimeOffset At) : TurnEvent
{
    /// <summary>The arguments that the person changed, a JSON object as text. Absent if they are unchanged.</summary>
    public string? Arguments { get; init; }

    /// <summary>The answer to a question, a JSON object.</summary>
    [RawJson("JsonObject")]
    public RawJson? Content { get; init; }

    public string? Reason { get; init; }

    /// <summary>True if the approval holds for later calls of the tool in this turn.</summary>
    public bool? Always { get; init; }
}

/// <summary>The turn waits for a person, and nothing runs. The stream ends here; the turn continues with the next ids once it is answered.</summary>
/// <param name="Waiting">The ids of the open requests.</param>
/// <param name="At">When the turn was parked: the time until it continues does not count.</param>
public sealed record ParkedEvent(IReadOnlyList<string> Waiting, DateTimeOffset At) : TurnEvent;
