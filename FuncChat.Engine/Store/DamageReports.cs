using System.Collections.Concurrent;

namespace FuncChat.Engine.Store;

/// <summary>Remembers which damages were logged, so that each is logged once and not by every request.</summary>
public sealed class DamageReports
{
    private const int MostRemembered = 1000;

    private readonly ConcurrentDictionary<string, bool> _logged = new(StringComparer.Ordinal);

    /// <summary>Whether this is the first report of what is stored under this name.</summary>
    public bool IsFirst(string name)
    {
        if (_logged.Count >= MostRemembered)
            _logged.Clear();
        return _logged.TryAdd(name, true);
    }
}
