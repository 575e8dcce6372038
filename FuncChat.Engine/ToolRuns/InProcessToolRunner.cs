using System.Collections.Concurrent;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Telemetry;
using FuncChat.Tools;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.ToolRuns;

/// <summary>
/// Runs tools in this process. Runs that may take long keep a journal of their steps, so that a run which was cut off by the
/// end of its process goes on from there when it is started again.
/// </summary>
public sealed class InProcessToolRunner(
    ToolCatalog tools, ModelCatalog models, IToolRunStore journal, TimeProvider time, ILogger<InProcessToolRunner> logger,
    EngineTelemetry? telemetry = null) : IToolRunner
{
    private readonly ConcurrentDictionary<string, Lazy<ToolRun>> _runs = new(StringComparer.Ordinal);

    public IAsyncEnumerable<ToolRunSnapshot> RunAsync(ToolRunSpec spec, CancellationToken cancellationToken)
    {
        var run = _runs.GetOrAdd(spec.RunId, _ => new Lazy<ToolRun>(() => Start(spec)));
        try
        {
            return run.Value.WatchAsync(spec.ModelEventsSeen, cancellationToken);
        }
        catch (InvalidOperationException)
        {
            // It never started, and would fail for good if it were kept.
            _runs.TryRemove(new(spec.RunId, run));
            throw;
        }
    }

    public Task CancelAsync(string runId, CancellationToken cancellationToken)
    {
        if (_runs.TryGetValue(runId, out var run))
            run.Value.Cancel();
        return Task.CompletedTask;
    }

    private ToolRun Start(ToolRunSpec spec)
    {
        if (!models.TryResolve(spec.Model, out var model, out var error))
            throw new InvalidOperationException(error.Message);
        var run = new ToolRun(
            spec, tools, model, journal, telemetry ?? EngineTelemetry.Unhosted, time, logger);

        // Off the caller's thread, which is a socket's.
        _ = ThreadPoolSynchronizationContext.RunAsync(async () =>
        {
            await run.ExecuteAsync();
            _runs.TryRemove(spec.RunId, out _);
            run.Dispose();
        });
        return run;
    }
}
