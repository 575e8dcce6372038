using FuncChat.Engine.Chat.Approvals;
using FuncChat.Engine.Store;
using FuncChat.Engine.Usage;
using FuncChat.Web.Http;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Turns;

/// <summary>What a caller may answer in a turn.</summary>
internal sealed class CallerRights(IOptions<ApprovalOptions> approvals, IOptions<BudgetOptions> budgets)
{
    /// <summary>Whether users approve the calls of their own turns.</summary>
    public bool UsersApprove => approvals.Value.Approvers.Count == 0;

    /// <summary>Whether the caller approves the calls of all users.</summary>
    public bool IsApprover(Caller caller) => caller.Roles.Intersect(approvals.Value.Approvers, StringComparer.OrdinalIgnoreCase).Any();

    /// <param name="owner">The id of the user whose turn it is.</param>
    public SignalRights Of(Caller caller, string owner)
    {
        var (isOwner, approvers) = (owner == caller.User, approvals.Value.Approvers);
        var approves = IsApprover(caller) || (isOwner && approvers.Count == 0);
        return (isOwner ? SignalRights.Owner : SignalRights.None)
            | (approves ? SignalRights.ApproveTools : SignalRights.None)
            | (budgets.Value.IsAdministrator(caller.Roles) ? SignalRights.RaiseBudgets : SignalRights.None);
    }
}
