using System.Collections.Concurrent;
using FuncChat.Engine.Files;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Telemetry;
using FuncChat.Engine.Usage;
using FuncChat.Tools;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.ToolRuns;

/// <summary>
/// Runs tools in this process. The steps of long-running tools are stored, so that a run which ended with its process resumes after its last step when it is
/// started again.
/// </summary>
public sealed class InProcessToolRunner(
    ToolCatalog tools, ModelCatalog models, IToolRunStore store, TokenMeter meter, TimeProvider time, ILogger<InProcessToolRunner> logger,
    EngineTelemetry telemetry, FileService files, KnownSecrets secrets) : IToolRunner
{
    private readonly ConcurrentDictionary<string, Lazy<ToolRun>> _runs = new(StringComparer.Ordinal);
    private readonly RetryingToolRunStore _store = new(store, time, logger);

    public IAsyncEnumerable<ToolRunSnapshot> RunAsync(ToolRunSpec spec, CancellationToken cancellationToken) =>
        _runs.GetOrAdd(spec.RunId, _ => new Lazy<ToolRun>(() => Start(spec))).Value.WatchAsync(spec.ModelEventsSeen, cancellationToken);

    public bool ExecutesAtOnce(bool longRunning) => true;

    public Task CancelAsync(string runId, CancellationToken cancellationToken)
    {
        if (_runs.TryGetValue(runId, out var run))
            run.Value.Cancel();
        return Task.CompletedTask;
    }

    private ToolRun Start(ToolRunSpec spec)
    {
        var run = new ToolRun(spec, tools, models, _store, meter, files, telemetry, secrets, time, logger);

        // Not on the caller's thread, which may be a socket's.
        _ = ThreadPoolSynchronizationContext.RunAsync(async () =>
        {
            await run.ExecuteAsync();
            _runs.TryRemove(spec.RunId, out _);
            run.Dispose();
        });
        return run;
    }
}
