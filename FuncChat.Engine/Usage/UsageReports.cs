using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Usage;

/// <summary>What was used and what it costs, for the HTTP API.</summary>
public sealed class UsageReports
{
    private readonly IUsageCounter _counter;
    private readonly Budgets _budgets;
    private readonly BudgetOptions _options;
    private readonly PriceTable _prices;
    private readonly TimeProvider _time;

    internal UsageReports(IUsageCounter counter, Budgets budgets, IOptions<BudgetOptions> options, PriceTable prices, TimeProvider time)
    {
        _counter = counter;
        _budgets = budgets;
        _options = options.Value;
        _prices = prices;
        _time = time;
    }

    /// <summary>Whether a turn that reaches a budget waits for an administrator.</summary>
    public bool CanBeRaised => _budgets.CanBeRaised;

    /// <summary>The currency of the amounts; null if no model has a price.</summary>
    public string? Currency => _prices.HasAny ? _prices.Currency : null;

    /// <summary>Whether a caller with these roles may see the usage of all users and raise budgets.</summary>
    public bool IsAdministrator(IEnumerable<string> roles) => _options.IsAdministrator(roles);

    /// <summary>The error of a user whose budget is spent; null if none is.</summary>
    public async ValueTask<AppError?> FindSpentAsync(string user, CancellationToken cancellationToken) => await _budgets.FindSpentAsync(user, cancellationToken);

    /// <summary>The user's own budgets.</summary>
    public async Task<IReadOnlyList<BudgetReport>> BudgetsOfAsync(string user, CancellationToken cancellationToken) =>
        [.. (await _budgets.OwnAsync(user, cancellationToken)).Select(ReportOf)];

    /// <summary>What a user has used today, or in this month.</summary>
    public async Task<UsageTotal> TotalOfAsync(string user, bool inMonth, CancellationToken cancellationToken)
    {
        var (start, end) = UtcPeriod.At(_time.GetUtcNow(), inMonth);
        return new UsageTotal(
            await SumAsync(UsageKind.Tokens), _prices.HasAny ? Money.FromBillionths(await SumAsync(UsageKind.Cost)) : null,
            await SumAsync(UsageKind.ToolRuns), await SumAsync(UsageKind.Bytes));

        async ValueTask<long> SumAsync(UsageKind kind) => Math.Max(await _counter.SumAsync(user, kind, start, end, cancellationToken), 0);
    }

    /// <summary>What all users used in a month, those with the highest cost first.</summary>
    /// <param name="month">Any moment in it; null for the current one.</param>
    public async Task<AllUsage> ReadAllAsync(DateTimeOffset? month, CancellationToken cancellationToken)
    {
        var (start, end) = UtcPeriod.At(month ?? _time.GetUtcNow(), isMonth: true);
        var accounts = (await _counter.ReadAllAsync(start, end, cancellationToken))
            .Where(account => account.Account.Length > 0)
            .Select(account => (Scope: UsageAccount.Parse(account.Account).Scope, Usage: ReportOf(account)))
            .Where(each => each.Usage.Total is not { Tokens: 0, ToolRuns: 0, Bytes: 0, Cost: null or 0 })
            .OrderByDescending(each => each.Usage.Total.Cost).ThenByDescending(each => each.Usage.Total.Tokens).ThenBy(each => each.Usage.User, StringComparer.Ordinal)
            .ToList();
        return new AllUsage(
            start,
            [.. accounts.Where(each => each.Scope == AccountScope.User).Select(each => each.Usage)],
            [.. accounts.Where(each => each.Scope == AccountScope.Key).Select(each => each.Usage with { User = KeyUser.KeyOf(each.Usage.User)! })]);
    }

    private UserUsage ReportOf(AccountUsage account)
    {
        return new UserUsage(
            account.Account, account.Name,
            new UsageTotal(
                Of(UsageKind.Tokens), _prices.HasAny ? Money.FromBillionths(Of(UsageKind.Cost)) : null, Of(UsageKind.ToolRuns), Of(UsageKind.Bytes)));

        long Of(UsageKind kind) => Math.Max(account.Counts.GetValueOrDefault(kind), 0);
    }

    private BudgetReport ReportOf(BudgetStatus status) => new(
        status.Budget.Name, status.Budget.Show(status.Used), status.Budget.Show(status.Allowed), _budgets.Warns(status),
        status.Budget.IsMoney ? _prices.Currency : null, status.ResetsAt);
}

/// <summary>A budget and its use.</summary>
/// <param name="Used">Tokens, or an amount of the currency.</param>
/// <param name="Allowed">The budget, raises included.</param>
/// <param name="Warning">Whether most of it is used.</param>
/// <param name="Currency">Null for a budget in tokens.</param>
public sealed record BudgetReport(string Name, decimal Used, decimal Allowed, bool Warning, string? Currency, DateTimeOffset ResetsAt);

/// <summary>What was used in a period.</summary>
/// <param name="Cost">Null if no model has a price.</param>
public sealed record UsageTotal(long Tokens, decimal? Cost, long ToolRuns, long Bytes);

/// <param name="User">The user's id or, in a list of keys, the key's name.</param>
/// <param name="Name">The user's e-mail address, if known.</param>
public sealed record UserUsage(string User, string? Name, UsageTotal Total);

/// <param name="Keys">The API keys, each with all users that it names. They are among the users too.</param>
public sealed record AllUsage(DateTimeOffset Month, IReadOnlyList<UserUsage> Users, IReadOnlyList<UserUsage> Keys);
