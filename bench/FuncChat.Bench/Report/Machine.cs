using System.Globalization;
using System.Runtime.InteropServices;

namespace FuncChat.Bench.Report;

/// <summary>What figures depend on.</summary>
internal static class Machine
{
    /// <summary>Above this, others were using the machine.</summary>
    public const double QuietShare = 0.05;

    public static string Shape()
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[1].Trim();
        var gigabytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1024.0 / 1024 / 1024;
        return FormattableString.Invariant(
            $"{Environment.ProcessorCount} cores ({model ?? RuntimeInformation.ProcessArchitecture.ToString()}), {gigabytes:0} GB, {RuntimeInformation.FrameworkDescription}");
    }

    /// <summary>The share of all cores that others use, over a second in which the bench itself does nothing. The load average would count the bench, too.</summary>
    public static async Task<double> UsedByOthersAsync(CancellationToken cancellationToken)
    {
        var before = Ticks();
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
        var after = Ticks();
        return 1 - ((after.Idle - before.Idle) / (after.All - before.All));
    }

    // user, nice, system, idle, iowait, …: see proc(5).
    private static (double All, double Idle) Ticks()
    {
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
            .Select(field => double.Parse(field, CultureInfo.InvariantCulture)).ToList();
        return (ticks.Sum(), ticks[3] + ticks[4]);
    }
}
