using FuncChat.Engine.Models;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using FuncChat.Tools;

namespace FuncChat.Tests.Engine.ToolRuns.Remote;

/// <summary>Runs, states and events as these tests need them.</summary>
internal static class RemoteRuns
{
    public const string SlowTool = "slow";
    public const string QuickTool = "quick";

    public static RemoteToolRunState Queued { get; } = new(RemoteToolRunPhase.Queued);

    public static ToolRunSpec Spec(string tool = SlowTool, int modelEventsSeen = 0) =>
        new("run1", "call_1", new ToolRef(tool), "{}", "demo:scripted")
        {
            ModelEventsSeen = modelEventsSeen,
            LongRunning = tool == SlowTool,
        };

    public static RemoteToolRunState Executing(string? message, params IReadOnlyList<ToolModelEvent> modelEvents) =>
        new(RemoteToolRunPhase.Executing, new RemoteToolRunStatus(message, 1, 2, modelEvents));

    public static RemoteToolRunState Ended(ToolRunOutcome? outcome, params IReadOnlyList<ToolModelEvent> modelEvents) =>
        new(RemoteToolRunPhase.Ended, Result: new RemoteToolRunResult(outcome, modelEvents));

    public static ToolModelEvent Event(int number) => new($"phase_{number}", number, "demo", "scripted")
    {
        FinishReason = "stop",
        Usage = new ModelUsage(10, 20),
        FirstTokenMs = 1.5,
        DurationMs = 2.5,
    };
}
