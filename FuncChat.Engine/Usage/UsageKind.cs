namespace FuncChat.Engine.Usage;

/// <summary>What is counted for each account.</summary>
public enum UsageKind
{
    /// <summary>Requests, by the minute.</summary>
    Requests,

    /// <summary>Tool calls that were run, by the day.</summary>
    ToolRuns,

    /// <summary>Tokens that models read and wrote, by the day.</summary>
    Tokens,

    /// <summary>Bytes stored for turns, by the day.</summary>
    Bytes,

    /// <summary>The cost of model calls in <see cref="Money"/>, by the day.</summary>
    Cost,

    /// <summary>By how many tokens a person has raised the budget of a day.</summary>
    RaisedTokensPerDay,

    /// <summary>By how many tokens a person has raised the budget of a month.</summary>
    RaisedTokensPerMonth,

    /// <summary>By how much <see cref="Money"/> a person has raised the budget of a day.</summary>
    RaisedCostPerDay,

    /// <summary>By how much <see cref="Money"/> a person has raised the budget of a month.</summary>
    RaisedCostPerMonth,

    /// <summary>The part of <see cref="Tokens"/> that calls in progress hold for their answers.</summary>
    ReservedTokens,

    /// <summary>The part of <see cref="Cost"/> that calls in progress hold for their answers.</summary>
    ReservedCost,
}
