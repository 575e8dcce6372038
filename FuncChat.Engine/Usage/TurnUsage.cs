using FuncChat.Engine.Events;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Usage;

/// <summary>
/// Counts tokens and tool runs from a turn's events as they happen, however the turn ends. Events that a continued turn
/// replays were counted when they were new.
/// </summary>
internal sealed partial class TurnUsage(IUsageCounter counter, TimeProvider time, ILogger logger)
{
    public void Count(string user, TurnEvent turnEvent)
    {
        if (turnEvent is LlmResponseEvent { Usage: { } usage })
            Add(user, UsageKind.Tokens, usage.InputTokens + usage.OutputTokens);
        else if (turnEvent is ToolCallStartEvent)
            Add(user, UsageKind.ToolRuns, 1);
        else if (turnEvent is SearchStartEvent search)
            Add(user, UsageKind.ToolRuns, search.Queries.Count); // what the tool `search_web` does, asked for without a model
    }

    private void Add(string user, UsageKind kind, long amount) => _ = AddAsync(UsageWindow.At(time.GetUtcNow(), user, kind), amount);

    // A turn does not wait for a counter, nor end with it.
    private async Task AddAsync(UsageWindow window, long amount)
    {
        try
        {
            await counter.AddAsync(window, amount, CancellationToken.None);
        }
        catch (Exception e)
        {
            LogNotCounted(window.Kind, amount, e);
        }
    }

    [LoggerMessage(121, LogLevel.Error, "{Amount} {Kind} of a user could not be counted")]
    private partial void LogNotCounted(UsageKind kind, long amount, Exception exception);
}
