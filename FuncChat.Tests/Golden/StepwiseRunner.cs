using System.Collections.Concurrent;
using System.Threading.Channels;
using FuncChat.Engine.ToolRuns;

namespace FuncChat.Tests.Golden;

/// <summary>A tool runner whose runs go as the test says, snapshot by snapshot.</summary>
internal sealed class StepwiseRunner : IToolRunner
{
    private readonly ConcurrentDictionary<string, Channel<ToolRunSnapshot>> _runs = new(StringComparer.Ordinal);

    public void Tell(string tool, ToolRunSnapshot snapshot) => RunOf(tool).Writer.TryWrite(snapshot);

    public void End(string tool, string content, bool failed = false)
    {
        Tell(tool, new ToolRunSnapshot(ToolRunStatus.Ended) { Outcome = new ToolRunOutcome(content, failed) });
        RunOf(tool).Writer.Complete();
    }

    public IAsyncEnumerable<ToolRunSnapshot> RunAsync(ToolRunSpec spec, CancellationToken cancellationToken) =>
        RunOf(spec.Tool.Name).Reader.ReadAllAsync(cancellationToken);

    public Task CancelAsync(string runId, CancellationToken cancellationToken) => Task.CompletedTask;

    private Channel<ToolRunSnapshot> RunOf(string tool) => _runs.GetOrAdd(tool, _ => Channel.CreateUnbounded<ToolRunSnapshot>());
}
