using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FuncChat.ToolRuns;

/// <summary>Runs a long tool. It may be called more than once for a run, even at the same time: the tool's work is keyed by the run's id.</summary>
public sealed class ToolRunActivity(RemoteToolRunWork work, ToolRunHistory history)
{
    [Function(nameof(ToolRunActivity))]
    public async Task<RemoteToolRunResult> RunAsync(
        [ActivityTrigger] ToolRunSpec spec, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        // History grows by nothing but these runs, and a client is at hand. No run waits for it: the host carries on with a removal that it has begun.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var trimming = history.TrimAsync(client, ended.Token);
        try
        {
            return await work.ExecuteAsync(spec, new DurableToolRuns(client), cancellationToken);
        }
        finally
        {
            await ended.CancelAsync();
            await trimming;
        }
    }
}
