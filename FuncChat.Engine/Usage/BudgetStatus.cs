namespace FuncChat.Engine.Usage;

/// <summary>How much of a budget an account has used in the current period.</summary>
/// <param name="Used">What was used and what running calls reserve, in the budget's unit.</param>
/// <param name="Raised">By how much it was raised.</param>
internal sealed record BudgetStatus(Budget Budget, UsageAccount Account, long Used, long Raised, DateTimeOffset ResetsAt)
{
    /// <summary>How much may be used, raises included.</summary>
    public long Allowed => UsageCount.Sum(Budget.Amount, Raised);

    public long Left => UsageCount.Sum(Allowed, -Used);

    public bool IsSpent => Left <= 0;

    /// <summary>Whether the use has reached a percentage of what is allowed.</summary>
    public bool HasReached(int percent) => (Int128)Used * 100 >= (Int128)Allowed * percent;
}

/// <summary>A model call that a budget has no room for.</summary>
/// <param name="Status">The budget as it is without the call.</param>
/// <param name="Needed">How much the call needs at least.</param>
internal sealed record BudgetShortage(BudgetStatus Status, long Needed)
{
    /// <summary>How much an approval without an amount raises the budget by: a fifth of it, or more if what is overspent and the call need more.</summary>
    public long Raise => Math.Max(Status.Budget.Amount / 5, Math.Max(UsageCount.Sum(Needed, -Status.Left), 1));
}
