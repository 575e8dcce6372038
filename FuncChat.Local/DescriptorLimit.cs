using System.Globalization;
using Microsoft.Extensions.Options;

namespace FuncChat.Local;

/// <summary>The number of files and sockets that the operating system lets this process open. A process that reaches it fails in unforeseeable places.</summary>
internal static class DescriptorLimit
{
    private const string Limits = "/proc/self/limits";

    // Of the runtime itself, which opens a file for each library.
    private const int Reserved = 512;

    // A connection that starts a turn has its socket, the turn's log and lease, and the connection to the provider.
    private const int PerConnection = 4;

    private const int LeastConnections = 64;

    /// <summary>The least number of files and sockets that the process must be allowed to open.</summary>
    private const int Least = Reserved + (LeastConnections * PerConnection);

    /// <exception cref="OptionsValidationException">The process may not open as many files and sockets as it needs.</exception>
    public static void Check()
    {
        if (File.Exists(Limits) && FindError(File.ReadAllText(Limits)) is { } error)
            throw new OptionsValidationException("", typeof(DescriptorLimit), [error]);
    }

    /// <param name="limits">The text of `/proc/self/limits`.</param>
    /// <returns>The reason why the server does not start; null if it may.</returns>
    internal static string? FindError(string limits) => SoftLimit(limits) is { } limit and < Least
        ? $"The process may open {limit} files and sockets (ulimit -n), and the server needs at least {Least}. Raise the limit, for example with: ulimit -n 4096"
        : null;

    /// <summary>The number of connections that fit into the limit; null if the operating system has none to read.</summary>
    public static long? MaxConnections() => File.Exists(Limits) ? MaxConnections(File.ReadAllText(Limits)) : null;

    /// <param name="limits">The text of `/proc/self/limits`.</param>
    internal static long? MaxConnections(string limits) => SoftLimit(limits) is { } limit ? Math.Max(LeastConnections, (limit - Reserved) / PerConnection) : null;

    private static long? SoftLimit(string limits)
    {
        var line = limits.Split('\n').FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var soft = line?["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return long.TryParse(soft, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
