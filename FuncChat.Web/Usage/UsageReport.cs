using System.Text.Json.Serialization;
using FuncChat.Engine.Usage;

namespace FuncChat.Web.Usage;

/// <summary>What a user has used, by the names of the limits.</summary>
/// <param name="Today">What was used today (UTC).</param>
/// <param name="ThisMonth">What was used in this month (UTC).</param>
internal sealed record UsageReport(
    UsageOfLimit RequestsPerMinute, UsageOfLimit ToolRunsPerDay, UsageOfLimit TokensPerDay, UsageOfLimit BytesPerDay, UsageOfPeriod Today, UsageOfPeriod ThisMonth)
{
    /// <summary>The currency of the amounts. Absent if no model has a price.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Currency { get; init; }

    /// <summary>What the user may do for others: `administrator` reads the usage of all users and raises budgets, `approver` answers tool calls that wait. Absent if neither.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>The user's budgets. Absent if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<UsageOfBudget>? Budgets { get; init; }
}

/// <param name="Used">The count. Tokens include what running model calls reserve.</param>
/// <param name="Limit">Absent if there is none.</param>
/// <param name="ResetsAt">When the count starts again from 0.</param>
internal sealed record UsageOfLimit(long Used, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Limit, DateTime ResetsAt);

/// <param name="Tokens">The tokens, with what running model calls reserve.</param>
/// <param name="Cost">Their cost. Absent if no model has a price.</param>
internal sealed record UsageOfPeriod(long Tokens, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] decimal? Cost)
{
    public static UsageOfPeriod Of(UsageTotal total) => new(total.Tokens, total.Cost);
}

/// <param name="Name">The name of the budget, such as `user_cost_per_month`.</param>
/// <param name="Used">Tokens, or an amount of the currency.</param>
/// <param name="Allowed">The budget, raises included.</param>
/// <param name="Warning">Whether most of it is used.</param>
/// <param name="Currency">Absent for a budget in tokens.</param>
/// <param name="ResetsAt">When its period ends.</param>
internal sealed record UsageOfBudget(
    string Name, decimal Used, decimal Allowed, bool Warning, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Currency, DateTime ResetsAt)
{
    public static UsageOfBudget Of(BudgetReport budget) =>
        new(budget.Name, budget.Used, budget.Allowed, budget.Warning, budget.Currency, budget.ResetsAt.UtcDateTime);
}
