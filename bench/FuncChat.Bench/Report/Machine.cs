using System.Globalization;
using System.Runtime.InteropServices;

namespace FuncChat.Bench.Report;

/// <summary>What figures depend on.</summary>
internal static class Machine
{
    /// <summary>Above this, others were using the machine.</summary>
    public const double QuietLoad = 0.7;

    public static string Shape()
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[1].Trim();
        var gigabytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1024.0 / 1024 / 1024;
        return FormattableString.Invariant(
            $"{Environment.ProcessorCount} cores ({model ?? RuntimeInformation.ProcessArchitecture.ToString()}), {gigabytes:0} GB, {RuntimeInformation.FrameworkDescription}");
    }

    public static double Load() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
}
