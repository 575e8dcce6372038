using FuncChat.Engine.ToolRuns;

namespace FuncChat.Tests.Engine.ToolRuns;

/// <summary>A store whose disk fails, asynchronously, for as long as the test says.</summary>
internal sealed class FailingToolRunStore(IToolRunStore store) : IToolRunStore
{
    private int _failures;
    private string? _failingFrom;

    /// <summary>Fails the next requests.</summary>
    public void FailNext(int requests) => _failures = requests;

    /// <summary>Fails from the append of this step on, until <see cref="Recover"/>.</summary>
    public void FailFrom(string step) => _failingFrom = step;

    public void Recover() => (_failingFrom, _failures) = (null, 0);

    public async Task<IReadOnlyList<ToolRunEntry>> ReadAsync(string runId, CancellationToken cancellationToken)
    {
        await FailAsync();
        return await store.ReadAsync(runId, cancellationToken);
    }

    public async Task AppendAsync(string runId, ToolRunEntry entry, CancellationToken cancellationToken)
    {
        if (_failingFrom is not null && _failingFrom == entry.Step)
            _failures = int.MaxValue;
        await FailAsync();
        await store.AppendAsync(runId, entry, cancellationToken);
    }

    public Task RemoveAsync(string runId, CancellationToken cancellationToken) => store.RemoveAsync(runId, cancellationToken);

    public Task RemoveOlderThanAsync(TimeSpan age, CancellationToken cancellationToken) => store.RemoveOlderThanAsync(age, cancellationToken);

    private async Task FailAsync()
    {
        await Task.Yield();
        if (_failures == 0)
            return;
        _failures--;
        throw new IOException("No space left on device");
    }
}
