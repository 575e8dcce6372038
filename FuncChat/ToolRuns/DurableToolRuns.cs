using DurableTask.Core.Exceptions;
using FuncChat.Engine.Telemetry;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FuncChat.ToolRuns;

/// <summary>Tool runs as Durable orchestrations (<see cref="ToolRunOrchestration"/>).</summary>
/// <param name="client">Bound to a function's invocation, which is why this is made for each.</param>
internal sealed class DurableToolRuns(DurableTaskClient client) : IRemoteToolRuns
{
    public async Task StartAsync(ToolRunSpec spec, CancellationToken cancellationToken)
    {
        // Left to itself, the backend would run an ended orchestration of this id once more.
        if (await LookAsync(spec.RunId, getInputsAndOutputs: false, cancellationToken) is not null)
            return;
        try
        {
            var options = new StartOrchestrationOptions(spec.RunId).WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);
            await client.ScheduleNewOrchestrationInstanceAsync(nameof(ToolRunOrchestration), spec, options, cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // Started by another meanwhile.
        }
    }

    public async Task<RemoteToolRunState?> FindAsync(string runId, CancellationToken cancellationToken)
    {
        // Without inputs and outputs there would be no custom status.
        var run = await LookAsync(runId, getInputsAndOutputs: true, cancellationToken);
        return run is null ? null : new RemoteToolRunState(PhaseOf(run.RuntimeStatus), StatusOf(run), ResultOf(run));
    }

    public async Task ReportAsync(string runId, RemoteToolRunStatus status, CancellationToken cancellationToken)
    {
        using var unrecorded = SuppressedTracing.Begin();
        await client.RaiseEventAsync(runId, ToolRunOrchestration.ProgressEvent, status.ToJson(), cancellationToken);
    }

    public async Task StopAsync(string runId, CancellationToken cancellationToken)
    {
        // The activity that runs is not interrupted by it, but looks for it.
        if (await LookAsync(runId, getInputsAndOutputs: false, cancellationToken) is { IsCompleted: false })
            await client.TerminateInstanceAsync(runId, cancellationToken);
    }

    private async Task<OrchestrationMetadata?> LookAsync(string runId, bool getInputsAndOutputs, CancellationToken cancellationToken)
    {
        // A run is looked at up to five times a second: with three spans for each look, a turn's trace would be made of them.
        using var unrecorded = SuppressedTracing.Begin();
        try
        {
            return await client.GetInstanceAsync(runId, getInputsAndOutputs, cancellationToken);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled && cancellationToken.IsCancellationRequested)
        {
            // Of the client's calls, this one leaves it to the caller to know gRPC.
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
    }

    private static RemoteToolRunPhase PhaseOf(OrchestrationRuntimeStatus status) => status switch
    {
        OrchestrationRuntimeStatus.Pending => RemoteToolRunPhase.Queued,
        OrchestrationRuntimeStatus.Completed => RemoteToolRunPhase.Ended,
        OrchestrationRuntimeStatus.Failed => RemoteToolRunPhase.Broken,
        OrchestrationRuntimeStatus.Terminated => RemoteToolRunPhase.Stopped,
        _ => RemoteToolRunPhase.Executing,
    };

    private static RemoteToolRunStatus? StatusOf(OrchestrationMetadata run) =>
        run.SerializedCustomStatus is { Length: > 0 } json ? RemoteToolRunStatus.FromJson(json) : null;

    private static RemoteToolRunResult? ResultOf(OrchestrationMetadata run) =>
        run.RuntimeStatus == OrchestrationRuntimeStatus.Completed ? run.ReadOutputAs<RemoteToolRunResult>() : null;
}
