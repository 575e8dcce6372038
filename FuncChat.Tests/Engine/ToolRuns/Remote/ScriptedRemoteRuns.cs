using System.Threading.Channels;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;

namespace FuncChat.Tests.Engine.ToolRuns.Remote;

/// <summary>Runs that stand as scripted: each look finds the next state, and the last one from then on.</summary>
internal sealed class ScriptedRemoteRuns(params Func<RemoteToolRunState?>[] looks) : IRemoteToolRuns
{
    private readonly Queue<Func<RemoteToolRunState?>> _looks = new(looks);

    public List<ToolRunSpec> Started { get; } = [];

    public List<string> Stopped { get; } = [];

    public Channel<RemoteToolRunStatus> Reported { get; } = Channel.CreateUnbounded<RemoteToolRunStatus>();

    public Exception? ReportFailure { get; init; }

    public static ScriptedRemoteRuns Of(params RemoteToolRunState?[] states) =>
        new([.. states.Select<RemoteToolRunState?, Func<RemoteToolRunState?>>(state => () => state)]);

    public Task StartAsync(ToolRunSpec spec, CancellationToken cancellationToken)
    {
        Started.Add(spec);
        return Task.CompletedTask;
    }

    public Task<RemoteToolRunState?> FindAsync(string runId, CancellationToken cancellationToken) =>
        Task.FromResult((_looks.Count > 1 ? _looks.Dequeue() : _looks.Peek())());

    public Task ReportAsync(string runId, RemoteToolRunStatus status, CancellationToken cancellationToken)
    {
        Reported.Writer.TryWrite(status);
        return ReportFailure is null ? Task.CompletedTask : Task.FromException(ReportFailure);
    }

    public Task StopAsync(string runId, CancellationToken cancellationToken)
    {
        Stopped.Add(runId);
        return Task.CompletedTask;
    }
}
