using System.Globalization;

namespace FuncChat.Local;

/// <summary>The number of files and sockets that the operating system lets this process open. A process that reaches it fails in unforeseeable places.</summary>
internal static class DescriptorLimit
{
    // Of the runtime itself, which opens a file for each library.
    private const int Reserved = 512;

    // A connection that starts a turn has its socket, the turn's log and lease, and the connection to the provider.
    private const int PerConnection = 4;

    private const int LeastConnections = 64;

    /// <summary>The number of connections that fit into the limit; null if the operating system has none to read.</summary>
    public static long? MaxConnections() => File.Exists("/proc/self/limits") ? MaxConnections(File.ReadAllText("/proc/self/limits")) : null;

    /// <param name="limits">The text of `/proc/self/limits`.</param>
    internal static long? MaxConnections(string limits)
    {
        var line = limits.Split('\n').FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var soft = line?["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return long.TryParse(soft, CultureInfo.InvariantCulture, out var limit) ? Math.Max(LeastConnections, (limit - Reserved) / PerConnection) : null;
    }
}
