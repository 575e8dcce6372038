using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Usage;

/// <summary>The budgets of this server, and how much of them is used.</summary>
internal sealed class Budgets(IUsageCounter counter, IOptions<BudgetOptions> options, PriceTable prices, TimeProvider time)
{
    private readonly IReadOnlyList<Budget> _all = Budget.AllOf(options.Value);

    public bool CanBeRaised => options.Value.CanBeRaised;

    public string Currency => prices.Currency;

    /// <summary>Whether any budget applies to the account.</summary>
    public bool ApplyTo(UsageAccount account) => _all.Count > 0 && Applicable(account).Any();

    /// <summary>The budgets that apply to a user's model calls. An API key's own calls are within the key's budgets, not within a user's.</summary>
    public IReadOnlyList<(Budget Budget, UsageAccount Account)> Of(string user) => _all.Count == 0
        ? []
        : [.. UsageAccount.Of(user).SelectMany(account => Applicable(account).Select(budget => (budget, account)))];

    /// <summary>The budgets of a user's own: those of the whole server, and those of a key for the users that it names, are the administrators'.</summary>
    public async Task<IReadOnlyList<BudgetStatus>> OwnAsync(string user, CancellationToken cancellationToken)
    {
        var own = KeyUser.IsKey(user) ? AccountScope.Key : AccountScope.User;
        var statuses = new List<BudgetStatus>();
        foreach (var (budget, account) in Of(user).Where(each => each.Account.Scope == own))
            statuses.Add(await StatusAsync(budget, account, cancellationToken));
        return statuses;
    }

    /// <summary>The first budget of a user's model calls that is spent; null if none is.</summary>
    public async Task<AppError?> FindSpentAsync(string user, CancellationToken cancellationToken)
    {
        foreach (var (budget, account) in Of(user))
        {
            if (await StatusAsync(budget, account, cancellationToken) is { IsSpent: true } spent)
                return await ErrorOfAsync(new BudgetShortage(spent, Needed: 1), cancellationToken);
        }

        return null;
    }

    /// <summary>The error of a call that holds nothing, and for which a budget has no room.</summary>
    public async ValueTask<AppError> ErrorOfAsync(BudgetShortage shortage, CancellationToken cancellationToken)
    {
        var (status, now) = (shortage.Status, time.GetUtcNow());
        var (start, end) = status.Budget.PeriodAt(now);
        var held = await counter.SumAsync(status.Account.Id, UsageReservations.HeldOf(status.Budget.Kind), start, end, cancellationToken);
        return UsageCount.Sum(status.Left, held) >= shortage.Needed ? BudgetErrors.Held(status) : BudgetErrors.Spent(status, now);
    }

    /// <summary>The own budgets that have reached the percentage of the warning.</summary>
    public async Task<IReadOnlyList<BudgetStatus>> WarningsAsync(string user)
    {
        if (_all.Count == 0)
            return [];
        return [.. (await OwnAsync(user, CancellationToken.None)).Where(status => status.HasReached(options.Value.WarnAtPercent))];
    }

    public bool Warns(BudgetStatus status) => status.HasReached(options.Value.WarnAtPercent);

    public async ValueTask<BudgetStatus> StatusAsync(Budget budget, UsageAccount account, CancellationToken cancellationToken)
    {
        var (start, end) = budget.PeriodAt(time.GetUtcNow());
        var used = await counter.SumAsync(account.Id, budget.Kind, start, end, cancellationToken);
        var raised = await counter.SumAsync(account.Id, budget.Raised, start, end, cancellationToken);
        return new BudgetStatus(budget, account, Math.Max(used, 0), raised, end);
    }

    /// <summary>Raises a budget for the period that ends at a time. The same id again raises nothing.</summary>
    /// <param name="name">The budget's name.</param>
    public async ValueTask RaiseAsync(string user, string name, DateTimeOffset resetsAt, decimal amount, string id)
    {
        var (budget, account) = Of(user).FirstOrDefault(each => each.Budget.Name == name);
        if (budget is null)
            return; // The settings have changed since.
        var window = UsageWindow.At(resetsAt.AddDays(-1), account.Id, budget.Raised);
        await counter.AddOnceAsync(window, budget.IsMoney ? Money.ToBillionths(amount) : (long)amount, id, CancellationToken.None);
    }

    private IEnumerable<Budget> Applicable(UsageAccount account) =>
        _all.Where(budget => budget.Scope == account.Scope && !(account.Scope == AccountScope.User && KeyUser.IsKey(account.Id)));
}
