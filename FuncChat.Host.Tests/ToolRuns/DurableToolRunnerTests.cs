using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using FuncChat.Tests.Engine.ToolRuns;
using FuncChat.Tests.Support;
using FuncChat.ToolRuns;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Host.Tests.ToolRuns;

/// <summary>The orchestration and its activity in Durable's own worker, with its replays, over a store in memory.</summary>
public sealed class DurableToolRunnerTests : ToolRunnerContract, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryToolRunProgress _progress = new();
    private DurableTaskTestHost _host = null!;

    public async Task InitializeAsync() => _host = await ToolRunTestHost.StartAsync(InProcess(), _progress);

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    protected override IToolRunner Open() => new RemoteToolRunner(
        new DurableToolRuns(_host.Client, _progress, TimeProvider.System), InProcess(), new FileToolRunStore(_folder.Path), TimeProvider.System,
        NullLogger<RemoteToolRunner>.Instance);

    private InProcessToolRunner InProcess() => TestToolRunner.InProcess(Tools.All, Model.Catalog, new FileToolRunStore(_folder.Path), TimeProvider.System);
}
