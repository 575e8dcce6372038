namespace FuncChat.Tests.Support;

/// <summary>Something expensive that test classes share while they run at the same time: started for the first, disposed after the last.</summary>
internal sealed class SharedStart<T>(Func<Task<T>> start)
    where T : class, IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private T? _value;
    private int _users;

    public async Task<T> AcquireAsync()
    {
        await _gate.WaitAsync();
        try
        {
            _value ??= await start();
            _users++;
            return _value;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task ReleaseAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (--_users == 0)
            {
                await _value!.DisposeAsync();
                _value = null;
            }
        }
        finally
        {
            _gate.Release();
        }
    }
}
