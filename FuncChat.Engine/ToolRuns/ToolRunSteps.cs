using System.Collections.Concurrent;
using System.Text.Json;

namespace FuncChat.Engine.ToolRuns;

/// <summary>The steps of one run of a tool: a step that was stored is not repeated by the run that continues.</summary>
/// <param name="store">Where the steps are stored.</param>
internal sealed class ToolRunSteps(ToolRunSpec spec, RetryingToolRunStore store)
{
    private readonly ConcurrentQueue<Func<ToolRunEntry>> _unstored = new();
    private ConcurrentDictionary<string, RawJson> _values = new(StringComparer.Ordinal);

    /// <summary>Whether each step is stored before the tool uses its value. The steps of a quick run are stored by <see cref="StoreAsync"/>.</summary>
    public bool StoresEach { get; set; }

    /// <summary>Restores the values of the steps that an earlier run has stored.</summary>
    public void Restore(IReadOnlyList<ToolRunEntry> entries) =>
        _values = new(entries.Where(entry => entry is { Step: not null, Value: not null })
            .GroupBy(entry => entry.Step!).Select(step => KeyValuePair.Create(step.Key, step.Last().Value!.Value)), StringComparer.Ordinal);

    /// <inheritdoc cref="FuncChat.Tools.IToolRun.StepAsync{T}"/>
    public async Task<T> RunAsync<T>(string name, Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        if (_values.TryGetValue(name, out var stored))
            return JsonSerializer.Deserialize<T>(stored.Utf8.Span, JsonSerializerOptions.Web)!;
        var value = await step(cancellationToken);
        if (!StoresEach)
        {
            _unstored.Enqueue(() => EntryOf(name, value));
            return value;
        }

        // Once anything follows from a step, the step never runs again.
        var entry = EntryOf(name, value);
        await store.AppendAsync(spec.StepsId, entry, cancellationToken);
        _values[name] = entry.Value!.Value;
        return value;
    }

    /// <summary>Stores the steps of a quick run, so that the run that follows the answer doesn't repeat them.</summary>
    public async Task StoreAsync(CancellationToken cancellationToken)
    {
        foreach (var entry in _unstored)
            await store.AppendAsync(spec.StepsId, entry(), cancellationToken);
    }

    private static ToolRunEntry EntryOf<T>(string step, T value) =>
        new(step, new RawJson(JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web)), null);
}
