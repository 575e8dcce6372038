using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using FuncChat.Engine.Approvals;
using FuncChat.Engine.Usage;
using FuncChat.Web.Http;
using FuncChat.Web.Turns;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FuncChat.Web.Approvals;

/// <summary>`GET /api/approvals`: the tool calls that wait for the caller: those of all users for an approver, and otherwise the caller's own.</summary>
internal sealed partial class ApprovalsApi(ApprovalQueue queue, CallerRights callers, IUsageCounter names, TimeProvider time, ILogger<ApprovalsApi> logger)
{
    private const int MaxListed = 100;

    // The owner of a call that waits has used the server since then.
    private static readonly TimeSpan NamesSince = TimeSpan.FromDays(2);

    public async Task<IResult> ListAsync(HttpContext http)
    {
        var caller = Caller.Of(http);
        if (ListLimit.FindError(http.Request.Query, MaxListed, out var limit) is { } wrong)
            return new ProblemResult(wrong);
        var after = http.Request.Query["after"].ToString();
        if (after.Length > 0 && !WaitingTurnName.IsName(after))
            return new ProblemResult(ListLimit.WrongCursor);
        var isApprover = callers.IsApprover(caller);
        if (!isApprover && !callers.UsersApprove)
            return TypedResults.Json(new ApprovalList([], null), WebJson.Relaxed.ApprovalList);
        var page = await queue.ListAsync(isApprover ? null : caller.User, limit, after.Length > 0 ? after : null, http.RequestAborted);
        if (!page.Succeeded)
            return new ProblemResult(page.Error);

        // Only approvers see the calls of others: the names of all users are a whole table.
        var known = isApprover && page.Value.Approvals.Count > 0 ? await NamesAsync(http.RequestAborted) : [];
        return TypedResults.Json(
            new ApprovalList([.. page.Value.Approvals.Select(approval => ApprovalItem.Of(approval, isApprover ? known.GetValueOrDefault(approval.Turn.User) : caller.Name))], page.Value.Next),
            WebJson.Relaxed.ApprovalList);
    }

    private async Task<Dictionary<string, string>> NamesAsync(CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            var now = time.GetUtcNow();
            foreach (var account in await names.ReadAllAsync(now - NamesSince, now + NamesSince, cancellationToken))
            {
                if (account.Name is { } name)
                    known[account.Account] = name;
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogNoNames(e);
        }

        return known;
    }

    [LoggerMessage(424, LogLevel.Warning, "The names of the users whose calls wait for an approval could not be read")]
    private partial void LogNoNames(Exception failure);
}

/// <summary>Tool calls that wait for an approval, the one that expires first at the beginning.</summary>
/// <param name="Next">The value of `after` for the next page. Absent on the last one.</param>
internal sealed record ApprovalList(
    IReadOnlyList<ApprovalItem> Approvals, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next);

/// <summary>A tool call that waits for an approval: answer it with `POST /api/turns/{turnId}/signals?owner=`.</summary>
/// <param name="RequestId">The id that the answer names.</param>
/// <param name="Owner">The id of the user whose turn it is.</param>
/// <param name="Name">The name of the tool.</param>
/// <param name="Arguments">A JSON object as text.</param>
/// <param name="ExpiresAt">From this time on, the call counts as denied.</param>
internal sealed record ApprovalItem(string TurnId, string RequestId, string Owner, string Name, string Arguments, DateTime ExpiresAt)
{
    /// <summary>The owner's e-mail address, if known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OwnerName { get; init; }

    /// <summary>Why the call needs an approval.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>The reason as a code, for clients that have texts of their own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [AllowedValues("changes", "deletes", "each_call", "made_up_address")]
    public string? ReasonCode { get; init; }

    public static ApprovalItem Of(WaitingApproval approval, string? ownerName) => new(
        approval.Turn.TurnId, approval.Request.Id, approval.Turn.User, approval.Request.Name, approval.Request.Arguments, approval.Request.ExpiresAt.UtcDateTime)
    {
        OwnerName = ownerName,
        Reason = approval.Request.Reason,
        ReasonCode = approval.Request.ReasonCode,
    };
}
