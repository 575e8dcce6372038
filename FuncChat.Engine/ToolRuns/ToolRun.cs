using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Telemetry;
using FuncChat.Tools;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.ToolRuns;

/// <summary>One run of a tool in this process: what the tool sees of it, and what its watchers see.</summary>
internal sealed partial class ToolRun(
    ToolRunSpec spec, ToolCatalog tools, ResolvedModel model, IToolRunStore store, EngineTelemetry telemetry, TimeProvider time, ILogger logger)
    : IToolRun, IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _cancelled = new();
    private readonly List<ToolModelEvent> _modelEvents = [];
    private ConcurrentDictionary<string, RawJson> _steps = new(StringComparer.Ordinal);
    private ToolRunSnapshot _state = new(ToolRunStatus.Executing);
    private TaskCompletionSource _changed = NewSignal();
    private int _modelCalls = spec.ModelCallsMade;
    private IToolRunStore? _journal;

    public string Id => spec.RunId;

    public ToolUser User { get; } = spec.User ?? ToolUser.Unknown;

    /// <summary>Carries the run out. Never throws: a failure is an outcome.</summary>
    public async Task ExecuteAsync()
    {
        var observed = telemetry.StartToolRun(spec, time);
        var outcome = await OutcomeAsync();
        observed.End(outcome, cancelled: outcome.Failed && _cancelled.IsCancellationRequested);
        Change(state => state with { Status = ToolRunStatus.Ended, Outcome = outcome });
    }

    /// <summary>The run ends with an outcome that says that it was stopped.</summary>
    public void Cancel()
    {
        try
        {
            _cancelled.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run has ended meanwhile.
        }
    }

    public void Dispose() => _cancelled.Dispose();

    /// <param name="modelEventsSeen">See <see cref="ToolRunSpec.ModelEventsSeen"/>: those of this watcher, which may come later than the first.</param>
    public async IAsyncEnumerable<ToolRunSnapshot> WatchAsync(int modelEventsSeen, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The run's own count begins where its first watcher's ended.
        var seen = Math.Max(0, modelEventsSeen - spec.ModelEventsSeen);
        var isFirst = true;
        while (true)
        {
            Task changed;
            ToolRunSnapshot snapshot;
            lock (_lock)
            {
                snapshot = _state with { ModelEvents = [.. _modelEvents.Skip(seen)] };
                seen = Math.Max(seen, _modelEvents.Count);
                changed = _changed.Task;
            }

            // A quick run may have ended before anybody looked: it is still seen to execute.
            if (isFirst && snapshot.Outcome is not null)
                yield return snapshot with { Status = ToolRunStatus.Executing, ModelEvents = [], Outcome = null };
            isFirst = false;
            yield return snapshot;
            if (snapshot.Outcome is not null)
                yield break;
            await changed.WaitAsync(cancellationToken);
        }
    }

    public void Report(string message, int? completed = null, int? total = null) =>
        Change(state => state with { Message = message, Completed = completed, Total = total });

    public Task<string> AskModelAsync(string phase, string instructions, string prompt, CancellationToken cancellationToken) =>
        new ToolModelCall(model, telemetry, time).RunAsync(phase, Interlocked.Increment(ref _modelCalls), instructions, prompt, Tell, cancellationToken);

    public async Task<T> StepAsync<T>(string name, Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        if (_steps.TryGetValue(name, out var recorded))
            return JsonSerializer.Deserialize<T>(recorded.Utf8.Span, JsonSerializerOptions.Web)!;
        var value = await step(cancellationToken);
        if (_journal is not null)
        {
            var json = new RawJson(JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web));
            await _journal.AppendAsync(Id, new ToolRunEntry(name, json, null), cancellationToken);
            _steps[name] = json;
        }

        return value;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<ToolRunOutcome> OutcomeAsync()
    {
        try
        {
            if (await tools.OpenAsync(spec.Tool, User, _cancelled.Token) is not { } tool)
                return ToolRunOutcome.Failure("The tool is not available any more, or it has changed.");
            if (!tool.Policy.LongRunning)
                return await InvokeAsync(tool);
            _journal = store;
            var entries = await store.ReadAsync(Id, _cancelled.Token);
            if (entries.LastOrDefault(entry => entry.Outcome is not null)?.Outcome is { } ended)
                return ended;
            _steps = new(entries.Where(entry => entry is { Step: not null, Value: not null })
                .GroupBy(entry => entry.Step!).Select(step => KeyValuePair.Create(step.Key, step.Last().Value!.Value)), StringComparer.Ordinal);
            var outcome = await InvokeAsync(tool);
            await store.AppendAsync(Id, new ToolRunEntry(null, null, outcome), CancellationToken.None);
            return outcome;
        }
        catch (OperationCanceledException) when (_cancelled.IsCancellationRequested)
        {
            return ToolRunOutcome.Stopped;
        }
        catch (ToolSourceException e)
        {
            return ToolRunOutcome.Failure(e.Message);
        }
        catch (Exception e)
        {
            LogBroke(spec.Tool.Name, Id, e);
            return ToolRunOutcome.Crashed;
        }
    }

    private async Task<ToolRunOutcome> InvokeAsync(Tool tool)
    {
        try
        {
            var arguments = JsonSerializer.Deserialize<Dictionary<string, object?>>(spec.Arguments) ?? [];
            var result = await tool.Function.InvokeAsync(Tool.ArgumentsFor(this, arguments), _cancelled.Token);
            return new ToolRunOutcome(ToContent(result), Failed: false);
        }
        catch (ToolException e)
        {
            return ToolRunOutcome.Failure(e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException || !_cancelled.IsCancellationRequested)
        {
            LogBroke(spec.Tool.Name, Id, e);
            return ToolRunOutcome.Crashed;
        }
    }

    // Text stays text; all else is JSON.
    private static string ToContent(object? result) => result switch
    {
        null => "null",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        JsonElement json => JsonSerializer.Serialize(json, EngineJson.Relaxed.JsonElement),
        _ => JsonSerializer.Serialize(result, result.GetType(), ResultOptions),
    };

    private static readonly JsonSerializerOptions ResultOptions = new(JsonSerializerOptions.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private void Tell(ToolModelEvent model)
    {
        lock (_lock)
            _modelEvents.Add(model);
        Change(state => state);
    }

    private void Change(Func<ToolRunSnapshot, ToolRunSnapshot> change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _state = change(_state);
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }

    [LoggerMessage(201, LogLevel.Error, "Tool {Tool}, run {RunId}, broke")]
    private partial void LogBroke(string tool, string runId, Exception exception);
}
