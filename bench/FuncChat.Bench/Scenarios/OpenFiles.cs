using System.Globalization;

namespace FuncChat.Bench.Scenarios;

internal static class OpenFiles
{
    // FuncChat has two connections, a log and its lease open for each stream; whatever else a process holds fits in the rest.
    private const int ForEachStream = 4;
    private const int ForAllElse = 1000;

    /// <summary>How many streams a server may hold under this process's limit of open files, which its children inherit.</summary>
    public static int PossibleStreams
    {
        get
        {
            var limit = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
            return limit == "unlimited" ? int.MaxValue : (int.Parse(limit, CultureInfo.InvariantCulture) - ForAllElse) / ForEachStream;
        }
    }
}
