using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using FuncChat.ToolRuns;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FuncChat.Host.Tests.ToolRuns;

/// <summary>Durable's own worker, with the orchestration and the activity of tool runs, over a store in memory.</summary>
internal static class ToolRunTestHost
{
    /// <param name="runner">Runs the tools within the activity.</param>
    /// <param name="started">Receives each run that the activity starts.</param>
    public static async Task<DurableTaskTestHost> StartAsync(
        InProcessToolRunner runner, IToolRunProgress progress, Action<ToolRunSpec>? started = null)
    {
        var work = new RemoteToolRunWork(runner, TimeProvider.System, NullLogger<RemoteToolRunWork>.Instance);
        var history = new ToolRunHistory(Options.Create(new TurnOptions()), TimeProvider.System, NullLogger<ToolRunHistory>.Instance);
        var activity = new ToolRunActivity(work, history, progress, TimeProvider.System);
        DurableTaskTestHost? host = null;
        host = await DurableTaskTestHost.StartAsync(
            tasks =>
            {
                tasks.AddOrchestrator<Orchestrator>(nameof(ToolRunOrchestration));
                tasks.AddActivityFunc<ToolRunSpec, ToolRunSnapshot>(nameof(ToolRunActivity), (_, spec) =>
                {
                    started?.Invoke(spec);
                    return activity.RunAsync(spec, host!.Client, CancellationToken.None);
                });
            },
            new DurableTaskTestHostOptions { Port = UnusedPort.Find() });
        return host;
    }

    private sealed class Orchestrator : TaskOrchestrator<ToolRunSpec, ToolRunSnapshot>
    {
        public override Task<ToolRunSnapshot> RunAsync(TaskOrchestrationContext context, ToolRunSpec spec) => ToolRunOrchestration.RunAsync(context, spec);
    }
}
