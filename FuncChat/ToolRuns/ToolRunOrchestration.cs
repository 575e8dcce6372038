using System.Text.Json;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FuncChat.ToolRuns;

/// <summary>
/// One run of a long tool. Its instance id is the run's id, its custom status is how far the run is. It is replayed from its history, so it
/// does nothing but wait.
/// </summary>
public static class ToolRunOrchestration
{
    /// <summary>The event by which the activity tells how far it is: only an orchestration can set its own custom status.</summary>
    internal const string ProgressEvent = "progress";

    // A tool's own failure is a result: what is tried again here is an instance that was lost, or a store out of reach.
    private static readonly TaskOptions Retries = TaskOptions.FromRetryPolicy(
        new RetryPolicy(maxNumberOfAttempts: 3, firstRetryInterval: TimeSpan.FromSeconds(2), backoffCoefficient: 2));

    [Function(nameof(ToolRunOrchestration))]
    public static async Task<RemoteToolRunResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, ToolRunSpec spec)
    {
        var run = context.CallActivityAsync<RemoteToolRunResult>(nameof(ToolRunActivity), spec, Retries);
        while (true)
        {
            var progress = context.WaitForExternalEvent<JsonElement>(ProgressEvent);
            if (await Task.WhenAny(run, progress) == run)
                return await run;
            context.SetCustomStatus(await progress);
        }
    }
}
