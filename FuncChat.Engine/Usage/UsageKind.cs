namespace FuncChat.Engine.Usage;

/// <summary>What is counted for each user.</summary>
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
}
