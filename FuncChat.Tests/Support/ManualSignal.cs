namespace FuncChat.Tests.Support;

/// <summary>A signal that a test or a fake sets once and others wait for. Waiting for a set signal returns at once.</summary>
public sealed class ManualSignal
{
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsSet => _told.Task.IsCompleted;

    public void Set() => _told.TrySetResult();

    public Task WaitAsync(CancellationToken cancellationToken = default) => _told.Task.WaitAsync(cancellationToken);
}
