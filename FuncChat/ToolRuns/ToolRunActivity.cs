using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FuncChat.ToolRuns;

/// <summary>Runs a long tool. Durable may call it more than once for a run, even at the same time: the tool's work is keyed by the run's id.</summary>
public sealed class ToolRunActivity(RemoteToolRunWork work, ToolRunHistory history, IToolRunProgress progress, TimeProvider time)
{
    [Function(nameof(ToolRunActivity))]
    public async Task<ToolRunSnapshot> RunAsync(
        [ActivityTrigger] ToolRunSpec spec, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        // Only these runs add to the history, and a client is available here. The host finishes a removal even if this activity ends first.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var trimming = history.TrimAsync(client, ended.Token);
        try
        {
            return await work.ExecuteAsync(spec, new DurableToolRuns(client, progress, time), cancellationToken);
        }
        finally
        {
            await ended.CancelAsync();
            await trimming;
        }
    }
}
