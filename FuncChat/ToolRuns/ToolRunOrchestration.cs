using System.Text.Json;
using FuncChat.Engine.ToolRuns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FuncChat.ToolRuns;

/// <summary>
/// One run of a long tool. The instance id is the run's id. Durable replays the orchestration from its history, so it does nothing but wait.
/// </summary>
public static class ToolRunOrchestration
{
    /// <summary>The event with which activities of earlier versions report their progress, during an update and in the history of runs that are replayed.</summary>
    internal const string ProgressEvent = "progress";

    // A tool's own failure is a result. Retries are for an instance that was lost and for a store that is unreachable.
    private static readonly TaskOptions Retries = TaskOptions.FromRetryPolicy(
        new RetryPolicy(maxNumberOfAttempts: 3, firstRetryInterval: TimeSpan.FromSeconds(2), backoffCoefficient: 2));

    [Function(nameof(ToolRunOrchestration))]
    public static async Task<ToolRunSnapshot> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, ToolRunSpec spec)
    {
        var run = context.CallActivityAsync<ToolRunSnapshot>(nameof(ToolRunActivity), spec, Retries);
        while (true)
        {
            var progress = context.WaitForExternalEvent<JsonElement>(ProgressEvent);
            if (await Task.WhenAny(run, progress) == run)
                return await run;
            context.SetCustomStatus(await progress);
        }
    }
}
