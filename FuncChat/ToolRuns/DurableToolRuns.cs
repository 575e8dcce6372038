using DurableTask.Core.Exceptions;
using FuncChat.Engine.Telemetry;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FuncChat.ToolRuns;

/// <summary>Tool runs as Durable orchestrations (<see cref="ToolRunOrchestration"/>).</summary>
/// <param name="client">Bound to the invocation of a function, so each invocation has its own instance of this class.</param>
internal sealed class DurableToolRuns(DurableTaskClient client) : IRemoteToolRuns
{
    public async Task StartAsync(ToolRunSpec spec, CancellationToken cancellationToken)
    {
        // Without this check, the backend runs an ended orchestration with this id again.
        if (await GetAsync(spec.RunId, getInputsAndOutputs: false, cancellationToken) is not null)
            return;
        try
        {
            var options = new StartOrchestrationOptions(spec.RunId).WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);
            await client.ScheduleNewOrchestrationInstanceAsync(nameof(ToolRunOrchestration), spec, options, cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // Another request has started it in the meantime.
        }
    }

    public async Task<ToolRunSnapshot?> FindAsync(string runId, CancellationToken cancellationToken)
    {
        // The custom status is only returned together with inputs and outputs.
        var run = await GetAsync(runId, getInputsAndOutputs: true, cancellationToken);
        return run is null ? null : SnapshotOf(run);
    }

    public async Task ReportAsync(string runId, ToolRunSnapshot snapshot, CancellationToken cancellationToken)
    {
        using var unrecorded = SuppressedTracing.Begin();
        await client.RaiseEventAsync(runId, ToolRunOrchestration.ProgressEvent, ProgressJson.Write(snapshot), cancellationToken);
    }

    public async Task StopAsync(string runId, CancellationToken cancellationToken)
    {
        // This does not interrupt the activity, which looks for it.
        if (await GetAsync(runId, getInputsAndOutputs: false, cancellationToken) is { IsCompleted: false })
            await client.TerminateInstanceAsync(runId, cancellationToken);
    }

    private async Task<OrchestrationMetadata?> GetAsync(string runId, bool getInputsAndOutputs, CancellationToken cancellationToken)
    {
        // A run is polled up to once a second, and each poll has three spans: they would fill the turn's trace.
        using var unrecorded = SuppressedTracing.Begin();
        try
        {
            return await client.GetInstanceAsync(runId, getInputsAndOutputs, cancellationToken);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled && cancellationToken.IsCancellationRequested)
        {
            // Unlike the client's other methods, this one does not translate the cancellation.
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
    }

    private static ToolRunSnapshot SnapshotOf(OrchestrationMetadata run)
    {
        var progress = run.SerializedCustomStatus is { Length: > 0 } json ? ProgressJson.Read(json) : null;
        progress ??= new ToolRunSnapshot(ToolRunStatus.Queued);
        return run.RuntimeStatus switch
        {
            OrchestrationRuntimeStatus.Pending => progress with { Status = ToolRunStatus.Queued },
            OrchestrationRuntimeStatus.Completed when run.ReadOutputAs<ToolRunSnapshot>() is { } result => result with { Status = ToolRunStatus.Ended },

            // Durable gives up after its retries: the instances that tried could not run the tool.
            OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed =>
                progress with { Status = ToolRunStatus.Ended, Outcome = ToolRunOutcome.Crashed },
            OrchestrationRuntimeStatus.Terminated => progress with { Status = ToolRunStatus.Ended, Outcome = ToolRunOutcome.Stopped },
            _ => progress with { Status = ToolRunStatus.Executing },
        };
    }
}
