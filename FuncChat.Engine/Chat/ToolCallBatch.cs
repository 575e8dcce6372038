using FuncChat.Engine.Events;

namespace FuncChat.Engine.Chat;

/// <summary>The tool calls of one assistant message and the state of each.</summary>
internal sealed class ToolCallBatch(IReadOnlyList<ToolCall> calls)
{
    private readonly Dictionary<string, string> _results = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _modelEvents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _modelCalls = new(StringComparer.Ordinal);
    private readonly HashSet<string> _started = new(StringComparer.Ordinal);

    public IReadOnlyList<ToolCall> Calls { get; } = calls;

    public bool IsComplete => _results.Count == Calls.Count;

    public bool HasStarted(string id) => _started.Contains(id);

    public bool HasEnded(string id) => _results.ContainsKey(id);

    /// <summary>The number of events from the call's own model calls.</summary>
    public int ModelEvents(string id) => _modelEvents.GetValueOrDefault(id);

    /// <summary>The number of the call's own model calls.</summary>
    public int ModelCalls(string id) => _modelCalls.GetValueOrDefault(id);

    /// <summary>The call's result; null while it has none.</summary>
    public string? ResultOf(string id) => _results.GetValueOrDefault(id);

    public void Start(string id) => _started.Add(id);

    public void End(ToolCallResultEvent call) => _results[call.Id] = call.Content;

    public void CountModelEvent(string? id, int iteration)
    {
        if (id is null)
            return;
        _modelEvents[id] = ModelEvents(id) + 1;
        _modelCalls[id] = Math.Max(ModelCalls(id), iteration);
    }

    public IEnumerable<RawJson> ResultsInCallOrder() => Calls.Select(call => ToolMessage.Of(call.Id, _results[call.Id]));
}
