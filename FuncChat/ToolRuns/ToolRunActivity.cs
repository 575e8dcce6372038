using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FuncChat.ToolRuns;

/// <summary>Runs a long tool. It may be called more than once for a run, even at the same time: the tool's work is keyed by the run's id.</summary>
public sealed class ToolRunActivity(RemoteToolRunWork work)
{
    [Function(nameof(ToolRunActivity))]
    public Task<RemoteToolRunResult> RunAsync(
        [ActivityTrigger] ToolRunSpec spec, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        work.ExecuteAsync(spec, new DurableToolRuns(client), cancellationToken);
}
