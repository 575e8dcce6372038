using System.ComponentModel.DataAnnotations;
using FuncChat.Tools.Configuration;

namespace FuncChat.Engine.Usage;

/// <summary>
/// Budgets of model calls, in tokens and in the currency of the prices. Bound from `FuncChat:Budgets`. Days and months are those of UTC; 0 means no budget.
/// A user's budget applies to each signed-in user and to each user that a trusted API key names; a key's budget to all use of each API key.
/// </summary>
public sealed record BudgetOptions
{
    public const string Section = "FuncChat:Budgets";

    private const string MostTokens = "9223372036854775807";
    private const string MostCost = "1000000000";

    private bool _everyoneAdministers;

    /// <summary>Tokens of each user per day. Default 0.</summary>
    [Range(typeof(long), "0", MostTokens)]
    public long UserTokensPerDay { get; set; }

    /// <summary>Tokens of each user per month. Default 0.</summary>
    [Range(typeof(long), "0", MostTokens)]
    public long UserTokensPerMonth { get; set; }

    /// <summary>The cost of each user per day. Default 0.</summary>
    [Range(typeof(decimal), "0", MostCost)]
    public decimal UserCostPerDay { get; set; }

    /// <summary>The cost of each user per month. Default 0.</summary>
    [Range(typeof(decimal), "0", MostCost)]
    public decimal UserCostPerMonth { get; set; }

    /// <summary>Tokens of each API key per day, with all users that it names. Default 0.</summary>
    [Range(typeof(long), "0", MostTokens)]
    public long KeyTokensPerDay { get; set; }

    /// <summary>Tokens of each API key per month. Default 0.</summary>
    [Range(typeof(long), "0", MostTokens)]
    public long KeyTokensPerMonth { get; set; }

    /// <summary>The cost of each API key per day. Default 0.</summary>
    [Range(typeof(decimal), "0", MostCost)]
    public decimal KeyCostPerDay { get; set; }

    /// <summary>The cost of each API key per month. Default 0.</summary>
    [Range(typeof(decimal), "0", MostCost)]
    public decimal KeyCostPerMonth { get; set; }

    /// <summary>Tokens of all users together per day. Default 0.</summary>
    [Range(typeof(long), "0", MostTokens)]
    public long AppTokensPerDay { get; set; }

    /// <summary>Tokens of all users together per month. Default 0.</summary>
    [Range(typeof(long), "0", MostTokens)]
    public long AppTokensPerMonth { get; set; }

    /// <summary>The cost of all users together per day. Default 0.</summary>
    [Range(typeof(decimal), "0", MostCost)]
    public decimal AppCostPerDay { get; set; }

    /// <summary>The cost of all users together per month. Default 0.</summary>
    [Range(typeof(decimal), "0", MostCost)]
    public decimal AppCostPerMonth { get; set; }

    /// <summary>The percentage of a budget whose use is reported as a warning. Default 80.</summary>
    [Range(1, 100)]
    public int WarnAtPercent { get; set; } = 80;

    /// <summary>
    /// The app roles and groups whose members see the usage of all users and may raise budgets; `key:name` is an API key. Without any, a turn that reaches a budget ends.
    /// </summary>
    [Example("Administrators")]
    public IReadOnlyList<string> Administrators { get; set; } = [];

    /// <summary>Whether a budget is in money, so that a model needs a price to be called.</summary>
    public bool NeedPrices => UserCostPerDay > 0 || UserCostPerMonth > 0 || KeyCostPerDay > 0 || KeyCostPerMonth > 0 || AppCostPerDay > 0 || AppCostPerMonth > 0;

    /// <summary>Whether anyone can raise a budget.</summary>
    public bool CanBeRaised => _everyoneAdministers || Administrators.Count > 0;

    /// <summary>Makes every caller an administrator: a server for its own machine has one user, who owns it.</summary>
    public void LetEveryoneAdminister() => _everyoneAdministers = true;

    /// <summary>Whether a caller with these roles is an administrator.</summary>
    public bool IsAdministrator(IEnumerable<string> roles) =>
        _everyoneAdministers || roles.Intersect(Administrators, StringComparer.OrdinalIgnoreCase).Any();
}
