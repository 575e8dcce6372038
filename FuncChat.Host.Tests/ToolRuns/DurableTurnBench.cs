using System.Collections.Concurrent;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using FuncChat.Tests.Support;
using FuncChat.ToolRuns;
using FuncChat.Tools;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Host.Tests.ToolRuns;

/// <summary>Instances that share a store, and whose long tool runs are Durable activities.</summary>
internal sealed class DurableTurnBench : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryToolRunProgress _progress = new();
    private readonly IReadOnlyList<Tool> _tools;
    private DurableTaskTestHost _host = null!;

    private DurableTurnBench(IReadOnlyList<Tool> tools) => _tools = tools;

    public FakeModel Model { get; } = new();

    /// <summary>The runs that Durable has started.</summary>
    public ConcurrentQueue<ToolRunSpec> Activities { get; } = [];

    public static async Task<DurableTurnBench> StartAsync(IReadOnlyList<Tool> tools)
    {
        var bench = new DurableTurnBench(tools);
        bench._host = await ToolRunTestHost.StartAsync(bench.InProcess(), bench._progress, bench.Activities.Enqueue);
        return bench;
    }

    /// <summary>Starts a turn on an instance of its own, and returns its events until it no longer runs there.</summary>
    public async Task<IReadOnlyList<SseEvent>> StartTurnAsync(string tool)
    {
        using var instance = Instance();
        await using var reader = await instance.StartAsync(TurnBench.Request(tool));
        var events = await reader.EventsToEndAsync();
        await reader.Completion;
        return events;
    }

    /// <summary>Sends the signal on a new instance, and returns the turn's events once it no longer runs.</summary>
    public async Task<IReadOnlyList<SseEvent>> SendAsync(string type, string request, RequestAnswer answer)
    {
        using var instance = Instance();
        var signal = new TurnSignal(type) { RequestId = request, Payload = answer.ToJson(), By = TurnBench.User, At = instance.Time.GetUtcNow() };
        var (error, completion) = await instance.Turns.SignalAsync(TurnBench.Key("turn-0001"), signal, CancellationToken.None);
        Assert.Null(error);
        await completion;
        await using var reader = await instance.FollowAsync();
        return await reader.EventsToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    private InProcessToolRunner InProcess() => TestToolRunner.InProcess(_tools, Model.Catalog, new FileToolRunStore(_folder.Path), TimeProvider.System);

    private TurnBench Instance() => new(
        dataPath: _folder.Path, model: Model, tools: _tools,
        runner: new RemoteToolRunner(
            new DurableToolRuns(_host.Client, _progress, TimeProvider.System), InProcess(), new FileToolRunStore(_folder.Path), TimeProvider.System, NullLogger<RemoteToolRunner>.Instance));
}
