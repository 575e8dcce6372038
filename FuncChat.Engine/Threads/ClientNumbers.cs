using FuncChat.Engine.Events;
using FuncChat.Engine.Models;

namespace FuncChat.Engine.Threads;

/// <summary>Checks the numbers in the events that a client adds to a thread. They are shown to its user, and count towards no budget.</summary>
internal static class ClientNumbers
{
    private const double LongestMs = 366d * 24 * 60 * 60 * 1000;
    private const decimal MostCost = 1_000_000;

    /// <summary>Whether the numbers of an event are possible.</summary>
    public static bool AreValid(TurnEvent turnEvent) => turnEvent switch
    {
        LlmRequestEvent request => request.Iteration >= 0,
        LlmResponseEvent response => response.Iteration >= 0 && (response.Usage is null || IsValid(response.Usage)) && IsDuration(response.DurationMs) && IsDuration(response.FirstTokenMs ?? 0),
        LlmRetryEvent retry => retry is { Iteration: >= 0, Attempt: >= 0 } && IsDuration(retry.WaitSeconds * 1000),
        MessageResetEvent reset => reset.Iteration >= 0,
        ToolCallResultEvent result => IsDuration(result.DurationMs),
        CitationEvent citation => citation.Number >= 1,
        BudgetRequestEvent asked => asked is { Used: >= 0, Needed: >= 0, Allowed: null or >= 0, Raise: null or >= 0 },
        BudgetWarningEvent warning => warning is { Used: >= 0, Allowed: >= 0 },
        ErrorEvent error => IsDuration((error.RetryAfter ?? 0) * 1000),
        CompleteEvent complete => complete.Iterations >= 0 && IsValid(complete.Usage),
        _ => true,
    };

    private static bool IsValid(ModelUsage usage) =>
        IsCount(usage.InputTokens) && IsCount(usage.OutputTokens) && IsCount(usage.CachedInputTokens) && IsCount(usage.CacheWriteInputTokens) && IsCount(usage.ReasoningTokens)
        && usage.Cost is null or >= 0 and <= MostCost;

    private static bool IsCount(long? count) => count is null or >= 0 and <= ModelUsage.Most;

    private static bool IsDuration(double milliseconds) => milliseconds is >= 0 and <= LongestMs;
}
