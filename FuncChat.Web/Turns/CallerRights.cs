using FuncChat.Engine.Chat.Approvals;
using FuncChat.Engine.Store;
using FuncChat.Engine.Usage;
using FuncChat.Web.Http;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Turns;

/// <summary>What a caller may answer in a turn.</summary>
public sealed class CallerRights(IOptions<ApprovalOptions> approvals, IOptions<BudgetOptions> budgets)
{
    /// <param name="owner">The id of the user whose turn it is.</param>
    internal SignalRights Of(Caller caller, string owner)
    {
        var (isOwner, approvers) = (owner == caller.User, approvals.Value.Approvers);
        var approves = caller.Roles.Intersect(approvers, StringComparer.OrdinalIgnoreCase).Any() || (isOwner && approvers.Count == 0);
        return (isOwner ? SignalRights.Owner : SignalRights.None)
            | (approves ? SignalRights.ApproveTools : SignalRights.None)
            | (budgets.Value.IsAdministrator(caller.Roles) ? SignalRights.RaiseBudgets : SignalRights.None);
    }
}
