using FuncChat.Engine.Events;
using FuncChat.Engine.Models;
using FuncChat.Engine.ToolRuns;

namespace FuncChat.Engine.Chat;

/// <summary>A tool's own model calls, as events of the turn.</summary>
internal static class ToolModelEvents
{
    public static TurnEvent ToTurnEvent(ToolModelEvent model, ToolCall call) => model.DurationMs is { } duration
        ? new LlmResponseEvent(model.Phase, model.Iteration, model.FinishReason ?? FinishReason.Stop, model.Usage, model.FirstTokenMs, duration)
        {
            Tool = call.Function.Name,
            ToolCallId = call.Id,
        }
        : new LlmRequestEvent(model.Phase, model.Iteration, model.Provider, model.Model)
        {
            Tool = call.Function.Name,
            ToolCallId = call.Id,
        };
}
