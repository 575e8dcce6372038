namespace FuncChat.Tools.Mcp;

/// <summary>Counts the calls in a row that did not reach a server or got no valid response. Its tools may still be known.</summary>
internal sealed class McpFailedCalls(TimeProvider time)
{
    // One alone may be bad luck. Without further calls, the server gets the benefit of the doubt after a while.
    private const int Many = 3;
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private int _count;
    private DateTimeOffset _last;

    public bool AreMany
    {
        get
        {
            lock (_lock)
                return _count >= Many && time.GetUtcNow() < _last + Memory;
        }
    }

    public void Add()
    {
        lock (_lock)
        {
            _count++;
            _last = time.GetUtcNow();
        }
    }

    /// <summary>The server has replied, perhaps with an error.</summary>
    public void Clear()
    {
        lock (_lock)
            _count = 0;
    }
}
