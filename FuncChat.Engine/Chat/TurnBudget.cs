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

    /// <summary>Reserves a model call.</summary>
    /// <returns>Null if an administrator must raise a budget first: the turn waits.</returns>
    /// <exception cref="ModelException">A limit is reached, or a budget has no room and can't be, or was not, raised.</exception>
    public async Task<TokenReservation?> AdmitAsync(ResolvedModel model, ModelRequest request, Action<TurnEvent> emit)
    {
        foreach (var (asked, answer) in requests.Budgets)
        {
            if (answer is null)
                return null;
            if (answer.Type != SignalType.Approve)
                throw new ModelException(BudgetErrors.Denied(asked.Limit));
            if (_raised.Add(asked.Id))
                await RaiseAsync(asked, answer);
        }

        var (reservation, shortage) = await meter.TryReserveAsync(turn.User, model, request);
        if (shortage is null)
            return reservation;
        if (!budgets.CanBeRaised)
            throw new ModelException(BudgetErrors.Spent(shortage.Status, time.GetUtcNow()));
        emit(RequestOf(shortage));
        return null;
    }

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

    private BudgetRequestEvent RequestOf(BudgetShortage shortage)
    {
        var (status, budget) = (shortage.Status, shortage.Status.Budget);
        return new BudgetRequestEvent(
            requests.NextId, budget.Name, budget.Show(status.Used), budget.Show(shortage.Needed), time.GetUtcNow() + policy.Expiry)
        {
            Allowed = budget.Show(status.Allowed),
            Raise = budget.Show(shortage.Raise),
            Currency = budget.IsMoney ? budgets.Currency : null,
            ResetsAt = status.ResetsAt,
            Owner = turn.User,
        };
    }
}
