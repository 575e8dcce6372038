namespace FuncChat.Engine.Usage;

/// <summary>What a model call needs that a budget has no room for, as an administrator reads it: in tokens, or in amounts of the currency.</summary>
/// <param name="Limit">The name of the budget.</param>
/// <param name="Raise">By how much an approval without an amount raises it.</param>
/// <param name="Currency">Null for a budget in tokens.</param>
public sealed record BudgetNeed(string Limit, decimal Used, decimal Needed, decimal Allowed, decimal Raise, string? Currency, DateTimeOffset ResetsAt)
{
    internal static BudgetNeed Of(BudgetShortage shortage, string currency)
    {
        var (status, budget) = (shortage.Status, shortage.Status.Budget);
        return new BudgetNeed(
            budget.Name, budget.Show(status.Used), budget.Show(shortage.Needed), budget.Show(status.Allowed), budget.Show(shortage.Raise), budget.IsMoney ? currency : null, status.ResetsAt);
    }
}
