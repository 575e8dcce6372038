using System.Threading.Channels;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;

namespace FuncChat.Tests.Engine.ToolRuns.Remote;

/// <summary>Runs in scripted states: each look finds the next one, and the last one from then on. Failures come asynchronously, as those of a service do.</summary>
internal sealed class ScriptedRemoteRuns(params Func<ToolRunSnapshot?>[] looks) : IRemoteToolRuns
{
    private readonly Queue<Func<ToolRunSnapshot?>> _looks = new(looks);

    public List<ToolRunSpec> Started { get; } = [];

    public List<string> Stopped { get; } = [];

    public Channel<ToolRunSnapshot> Reported { get; } = Channel.CreateUnbounded<ToolRunSnapshot>();

    public Exception? ReportFailure { get; init; }

    /// <summary>Whether reports come too late.</summary>
    public bool HasEnded { get; set; }

    /// <summary>How often the run was looked up.</summary>
    public int Looks { get; private set; }

    /// <summary>What starts fail with before the first one succeeds.</summary>
    public Queue<Exception> StartFailures { get; init; } = [];

    public static ScriptedRemoteRuns Of(params ToolRunSnapshot?[] states) =>
        new([.. states.Select<ToolRunSnapshot?, Func<ToolRunSnapshot?>>(state => () => state)]);

    public async Task StartAsync(ToolRunSpec spec, CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (StartFailures.TryDequeue(out var failure))
            throw failure;
        Started.Add(spec);
    }

    public async Task<ToolRunSnapshot?> FindAsync(string runId, CancellationToken cancellationToken)
    {
        await Task.Yield();
        Looks++;
        return (_looks.Count > 1 ? _looks.Dequeue() : _looks.Peek())();
    }

    public async Task<bool> ReportAsync(string runId, ToolRunSnapshot snapshot, CancellationToken cancellationToken)
    {
        await Task.Yield();
        Reported.Writer.TryWrite(snapshot);
        if (ReportFailure is not null)
            throw ReportFailure;
        return !HasEnded;
    }

    public Task StopAsync(string runId, CancellationToken cancellationToken)
    {
        Stopped.Add(runId);
        return Task.CompletedTask;
    }
}
