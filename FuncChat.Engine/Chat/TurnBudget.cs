using FuncChat.Engine.Chat.Approvals;
using FuncChat.Engine.Events;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Store;
using FuncChat.Engine.Usage;

namespace FuncChat.Engine.Chat;

/// <summary>The budgets of one chat: admits its model calls, asks an administrator where a budget has no room, and warns before.</summary>
internal sealed class TurnBudget(TurnKey turn, TokenMeter meter, Budgets budgets, ApprovalPolicy policy, PersonRequests requests, TimeProvider time)
{
    private readonly HashSet<string> _raised = new(StringComparer.Ordinal);

    /// <summary>Whether an administrator can raise a budget that has no room.</summary>
    public bool CanBeRaised => budgets.CanBeRaised;

    /// <summary>Reserves a model call.</summary>
    /// <returns>Null if an administrator must raise a budget first: the turn waits.</returns>
    /// <exception cref="ModelException">A limit is reached, or a budget has no room and can't be, or was not, raised.</exception>
    public async Task<TokenReservation?> AdmitAsync(ResolvedModel model, ModelRequest request, Action<TurnEvent> emit)
    {
        await RaiseAsync();
        if (requests.Budgets.Any(each => each.Answer is null))
            return null;
        var (reservation, shortage) = await meter.TryReserveAsync(turn.User, model, request, TokenReservation.CallOf(turn));
        if (shortage is null)
            return reservation;
        if (!budgets.CanBeRaised)
            throw new ModelException(await budgets.ErrorOfAsync(shortage, CancellationToken.None));
        emit(RequestOf(meter.NeedOf(shortage)));
        return null;
    }

    /// <summary>Raises the budgets whose raise was approved.</summary>
    /// <exception cref="ModelException">A raise was denied, or was not approved in time.</exception>
    public async Task RaiseAsync()
    {
        foreach (var (asked, answer) in requests.Budgets)
        {
            if (answer is null)
                continue;
            if (answer.Type != SignalType.Approve)
                throw new ModelException(BudgetErrors.Denied(asked.Limit));
            if (_raised.Add(asked.Id))
                await RaiseAsync(asked, answer);
        }
    }

    /// <summary>The request to an administrator to raise a budget.</summary>
    /// <param name="callId">The tool call whose model call needs it; null for the turn's own.</param>
    public BudgetRequestEvent RequestOf(BudgetNeed need, string? callId = null) => new(requests.NextId, need.Limit, need.Used, need.Needed, time.GetUtcNow() + policy.Expiry)
    {
        CallId = callId,
        Allowed = need.Allowed,
        Raise = need.Raise,
        Currency = need.Currency,
        ResetsAt = need.ResetsAt,
        Owner = turn.User,
    };

    /// <summary>Emits a warning for each of the user's budgets that is mostly used.</summary>
    /// <param name="warned">The budgets whose warning the turn has.</param>
    public async Task WarnAsync(IReadOnlySet<string> warned, Action<TurnEvent> emit)
    {
        foreach (var status in (await budgets.WarningsAsync(turn.User)).Where(status => !warned.Contains(status.Budget.Name)))
        {
            emit(new BudgetWarningEvent(status.Budget.Name, status.Budget.Show(status.Used), status.Budget.Show(status.Allowed), status.ResetsAt)
            {
                Currency = status.Budget.IsMoney ? budgets.Currency : null,
            });
        }
    }

    // A turn that continues after a crash repeats the raise.
    private async Task RaiseAsync(BudgetRequestEvent asked, RequestAnsweredEvent answer)
    {
        var amount = BudgetAnswer.AmountOf(answer.Arguments) ?? asked.Raise ?? asked.Needed;
        await budgets.RaiseAsync(turn.User, asked.Limit, asked.ResetsAt ?? asked.ExpiresAt, amount, UserHash.Of($"{turn.User}\n{turn.TurnId}\n{asked.Id}"));
    }
}
