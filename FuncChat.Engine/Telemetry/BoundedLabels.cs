using System.Collections.Concurrent;

namespace FuncChat.Engine.Telemetry;

/// <summary>The first values of a label, up to a bound, for labels whose values others choose.</summary>
internal sealed class BoundedLabels(int limit)
{
    private readonly ConcurrentDictionary<string, bool> _values = new(StringComparer.Ordinal);

    /// <summary>Whether the value is one of the first.</summary>
    public bool Accepts(string value) => _values.ContainsKey(value) || (_values.Count < limit && _values.TryAdd(value, true));
}
