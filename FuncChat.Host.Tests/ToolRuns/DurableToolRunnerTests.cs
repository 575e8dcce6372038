using System.Net;
using System.Net.Sockets;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Engine.ToolRuns;
using FuncChat.Tests.Support;
using FuncChat.ToolRuns;
using FuncChat.Tools;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FuncChat.Host.Tests.ToolRuns;

/// <summary>The orchestration and its activity in Durable's own worker, with its replays, over a store in memory.</summary>
public sealed class DurableToolRunnerTests : ToolRunnerContract, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private DurableTaskTestHost _host = null!;

    public async Task InitializeAsync()
    {
        var work = new RemoteToolRunWork(InProcess(), TimeProvider.System, NullLogger<RemoteToolRunWork>.Instance);
        var history = new ToolRunHistory(Options.Create(new TurnOptions()), TimeProvider.System, NullLogger<ToolRunHistory>.Instance);
        var activity = new ToolRunActivity(work, history);
        _host = await DurableTaskTestHost.StartAsync(
            tasks =>
            {
                tasks.AddOrchestrator<Orchestrator>(nameof(ToolRunOrchestration));
                tasks.AddActivityFunc<ToolRunSpec, ToolRunSnapshot>(nameof(ToolRunActivity), (_, spec) => activity.RunAsync(spec, _host.Client, None));
            },
            new DurableTaskTestHostOptions { Port = FreePort() });
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    protected override IToolRunner Open() => new RemoteToolRunner(
        new DurableToolRuns(_host.Client), InProcess(), new FileToolRunStore(_folder.Path), TimeProvider.System,
        NullLogger<RemoteToolRunner>.Instance);

    private InProcessToolRunner InProcess() => new(
        new ToolCatalog(Tools.All), Model.Catalog, new FileToolRunStore(_folder.Path), UnlimitedTokens.Meter, TimeProvider.System,
        NullLogger<InProcessToolRunner>.Instance);

    private sealed class Orchestrator : TaskOrchestrator<ToolRunSpec, ToolRunSnapshot>
    {
        public override Task<ToolRunSnapshot> RunAsync(TaskOrchestrationContext context, ToolRunSpec spec) => ToolRunOrchestration.RunAsync(context, spec);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
