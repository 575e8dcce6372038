namespace FuncChat.Engine.Store;

/// <summary>Removes what has expired, one after the other. What can't be removed keeps nothing else from being removed.</summary>
public sealed class Removals
{
    private Exception? _first;

    /// <summary>Removes one; a failure is kept for the end.</summary>
    public void Try(Action remove)
    {
        try
        {
            remove();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _first ??= e;
        }
    }

    /// <inheritdoc cref="Try"/>
    public async Task TryAsync(Func<Task> remove, CancellationToken cancellationToken)
    {
        try
        {
            await remove();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            _first ??= e;
        }
    }

    /// <summary>Reports the first failure.</summary>
    /// <param name="contents">What was removed, for the message.</param>
    /// <exception cref="IOException">Something could not be removed.</exception>
    public void ThrowIfAnyFailed(string contents)
    {
        if (_first is not null)
            throw new IOException($"Some {contents} could not be removed.", _first);
    }
}
