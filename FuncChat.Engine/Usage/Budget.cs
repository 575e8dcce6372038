namespace FuncChat.Engine.Usage;

/// <summary>A budget from the settings.</summary>
/// <param name="Name">Its name on the wire, such as `user_cost_per_month`.</param>
/// <param name="Kind"><see cref="UsageKind.Tokens"/> or <see cref="UsageKind.Cost"/>.</param>
/// <param name="Raised">The kind that counts by how much it was raised.</param>
/// <param name="Amount">Tokens, or <see cref="Money"/>.</param>
internal sealed record Budget(string Name, AccountScope Scope, UsageKind Kind, bool IsMonthly, UsageKind Raised, long Amount)
{
    public bool IsMoney => Kind == UsageKind.Cost;

    /// <summary>The first day of the period that a moment is in, and the first day after it.</summary>
    public (DateTimeOffset Start, DateTimeOffset End) PeriodAt(DateTimeOffset moment) => UtcPeriod.At(moment, IsMonthly);

    /// <summary>An amount as it appears on the wire.</summary>
    public decimal Show(long amount) => IsMoney ? Money.FromBillionths(amount) : amount;

    /// <summary>The budgets that are set.</summary>
    public static IReadOnlyList<Budget> AllOf(BudgetOptions options)
    {
        return
        [
            .. Of(AccountScope.User, options.UserTokensPerDay, options.UserTokensPerMonth, options.UserCostPerDay, options.UserCostPerMonth),
            .. Of(AccountScope.Key, options.KeyTokensPerDay, options.KeyTokensPerMonth, options.KeyCostPerDay, options.KeyCostPerMonth),
            .. Of(AccountScope.App, options.AppTokensPerDay, options.AppTokensPerMonth, options.AppCostPerDay, options.AppCostPerMonth),
        ];

        static IEnumerable<Budget> Of(AccountScope scope, long tokensPerDay, long tokensPerMonth, decimal costPerDay, decimal costPerMonth)
        {
            var owner = $"{scope}".ToLowerInvariant();
            Budget[] all =
            [
                new($"{owner}_tokens_per_day", scope, UsageKind.Tokens, false, UsageKind.RaisedTokensPerDay, tokensPerDay),
                new($"{owner}_tokens_per_month", scope, UsageKind.Tokens, true, UsageKind.RaisedTokensPerMonth, tokensPerMonth),
                new($"{owner}_cost_per_day", scope, UsageKind.Cost, false, UsageKind.RaisedCostPerDay, Money.ToBillionths(costPerDay)),
                new($"{owner}_cost_per_month", scope, UsageKind.Cost, true, UsageKind.RaisedCostPerMonth, Money.ToBillionths(costPerMonth)),
            ];
            return all.Where(budget => budget.Amount > 0);
        }
    }
}
