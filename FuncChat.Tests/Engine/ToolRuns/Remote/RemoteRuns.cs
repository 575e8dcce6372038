using FuncChat.Engine.Models;
using FuncChat.Engine.ToolRuns;
using FuncChat.Tests.Support;
using FuncChat.Tools;

namespace FuncChat.Tests.Engine.ToolRuns.Remote;

/// <summary>Runs, snapshots and events as these tests need them.</summary>
internal static class RemoteRuns
{
    public const string SlowTool = "slow";
    public const string QuickTool = "quick";

    public static ToolRunSnapshot Queued { get; } = new(ToolRunStatus.Queued);

    public static ToolRunSpec Spec(string tool = SlowTool, int modelEventsSeen = 0) =>
        new("run1", "call_1", new ToolRef(tool), "{}", FakeModel.Name) { ModelEventsSeen = modelEventsSeen, LongRunning = tool == SlowTool };

    public static ToolRunSnapshot Executing(string? message, params IReadOnlyList<ToolModelEvent> modelEvents) =>
        new(ToolRunStatus.Executing) { Message = message, Completed = 1, Total = 2, ModelEvents = modelEvents };

    public static ToolRunSnapshot Ended(ToolRunOutcome? outcome, params IReadOnlyList<ToolModelEvent> modelEvents) =>
        new(ToolRunStatus.Ended) { Outcome = outcome, ModelEvents = modelEvents };

    public static ToolModelEvent Event(int number) => new($"phase_{number}", number, "demo", "scripted")
    {
        FinishReason = "stop",
        Usage = new ModelUsage(10, 20),
        FirstTokenMs = 1.5,
        DurationMs = 2.5,
    };
}
