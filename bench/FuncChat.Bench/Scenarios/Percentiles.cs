namespace FuncChat.Bench.Scenarios;

internal sealed class Percentiles
{
    private readonly List<int> _sorted;

    private Percentiles(List<int> sorted) => _sorted = sorted;

    /// <param name="microseconds">The samples.</param>
    public static Percentiles Of(IEnumerable<int> microseconds)
    {
        var sorted = microseconds.ToList();
        sorted.Sort();
        return new Percentiles(sorted);
    }

    /// <summary>In milliseconds; 0 where there are no samples.</summary>
    public double At(int percent) => _sorted.Count == 0 ? 0 : _sorted[Math.Min(_sorted.Count - 1, _sorted.Count * percent / 100)] / 1000.0;
}
