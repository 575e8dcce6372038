using System.Runtime.CompilerServices;

namespace FuncChat.Engine.ToolRuns;

/// <summary>What one run of a tool reports, for those who watch it.</summary>
/// <param name="modelEventsSeen">The number of model events that earlier watchers have seen.</param>
internal sealed class ToolRunState(int modelEventsSeen)
{
    private readonly Lock _lock = new();
    private readonly List<ToolModelEvent> _modelEvents = [];
    private ToolRunSnapshot _snapshot = new(ToolRunStatus.Executing) { ModelEventsSkipped = modelEventsSeen };
    private TaskCompletionSource _changed = NewSignal();

    /// <param name="seen">The watcher's own <see cref="ToolRunSpec.ModelEventsSeen"/>.</param>
    public async IAsyncEnumerable<ToolRunSnapshot> WatchAsync(int seen, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isFirst = true;
        while (true)
        {
            Task changed;
            ToolRunSnapshot snapshot;
            lock (_lock)
            {
                snapshot = (_snapshot with { ModelEvents = [.. _modelEvents] }).After(seen);
                changed = _changed.Task;
            }

            // A run that ended before the first look is still reported as executing once.
            if (isFirst && snapshot.Outcome is not null)
                yield return new ToolRunSnapshot(ToolRunStatus.Executing) { ModelEventsSkipped = snapshot.ModelEventsSkipped };
            isFirst = false;
            seen = Math.Max(seen, snapshot.ModelEventsSeen);
            yield return snapshot;
            if (snapshot.Outcome is not null)
                yield break;
            await changed.WaitAsync(cancellationToken);
        }
    }

    public void Add(ToolModelEvent model) => Change(snapshot =>
    {
        _modelEvents.Add(model);
        return snapshot;
    });

    public void Change(Func<ToolRunSnapshot, ToolRunSnapshot> change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _snapshot = change(_snapshot);
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
