namespace FuncChat.Tests.Support;

/// <summary>Something that a test, or a double, tells once and others wait for. Waiting for what was told before ends at once.</summary>
public sealed class ManualSignal
{
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsSet => _told.Task.IsCompleted;

    public void Set() => _told.TrySetResult();

    public Task WaitAsync(CancellationToken cancellationToken = default) => _told.Task.WaitAsync(cancellationToken);
}
