namespace FuncChat.Engine.Usage;

/// <summary>What is counted of each user.</summary>
public enum UsageKind
{
    /// <summary>Requests, by the minute.</summary>
    Requests,

    /// <summary>Tool calls that were run, by the day.</summary>
    ToolRuns,

    /// <summary>Tokens that models read and wrote, by the day.</summary>
    Tokens,
}
