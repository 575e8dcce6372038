using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FuncChat.ToolRuns;

/// <summary>Runs a long tool. Durable may call it more than once for a run, even at the same time: the tool's work is keyed by the run's id.</summary>
public sealed class ToolRunActivity(RemoteToolRunWork work, ToolRunHistory history, IToolRunProgress progress, TimeProvider time)
{
    [Function(nameof(ToolRunActivity))]
    public Task<ToolRunSnapshot> RunAsync([ActivityTrigger] ToolRunSpec spec, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        history.TrimWhileAsync(client, () => work.ExecuteAsync(spec, new DurableToolRuns(client, progress, time), cancellationToken), cancellationToken);
}
