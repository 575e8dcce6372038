using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace FuncChat.Sandbox.Confinement;

/// <summary>
/// Limits that the kernel enforces on this process, whatever its code does; soft and hard alike, so they can't be raised again. A limit
/// that can't be set ends the process before it reads any code.
/// </summary>
internal static class ResourceLimits
{
    // sys/resource.h; the first, second and fifth are the same on Linux and macOS.
    private const int ProcessorSeconds = 0;
    private const int FileSize = 1;
    private const int Data = 2;
    private const int CoreSize = 4;
    private const int OpenFiles = 7;

    // As .NET's "below normal".
    private const int OfThread = 0;
    private const int LowPriority = 10;

    /// <summary>What the runtime itself takes in addition to the garbage-collected heap: JIT, thread stacks, GC bookkeeping.</summary>
    private const ulong RuntimeOverhead = 96 * 1024 * 1024;

    /// <param name="memoryLimit">The limit of the heap in bytes, which the runtime enforces; the kernel's is a little higher.</param>
    public static void Apply(long memoryLimit)
    {
        if (OperatingSystem.IsLinux())
        {
            Set(Data, CurrentDataSize() + (ulong)memoryLimit + RuntimeOverhead);
            // The runtime keeps its assemblies open, and creates a pipe for each thread that it starts.
            Set(OpenFiles, 256);
        }

        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
        {
            Set(FileSize, 0);
            Set(CoreSize, 0);
        }
    }

    /// <summary>
    /// Lets scripts and documents take the processors that the server leaves idle. Only once everything is loaded: at a low priority, the start would take too
    /// long on a busy machine.
    /// </summary>
    public static void LowerPriority()
    {
        if (!OperatingSystem.IsLinux())
            return;

        // Each thread has its own priority, and passes it on to the threads that it starts.
        var lowered = new HashSet<uint>();
        int count;
        do
        {
            count = lowered.Count;
            foreach (var thread in Directory.EnumerateDirectories("/proc/self/task"))
            {
                // Fails for one that has ended.
                if (uint.TryParse(Path.GetFileName(thread.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && lowered.Add(id))
                    NativeMethods.SetPriority(OfThread, id, LowPriority);
            }
        }
        while (lowered.Count > count);
    }

    /// <summary>The kernel's limit for a script whose timeout was not enforced, for example because the host was stopped in a debugger.</summary>
    public static void LimitProcessorTime(TimeSpan timeout)
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
        {
            var used = Environment.CpuUsage.TotalTime;
            Set(ProcessorSeconds, (ulong)Math.Ceiling((used + 2 * timeout).TotalSeconds) + 1);
        }
    }

    private static void Set(int resource, ulong value)
    {
        var limit = new NativeMethods.ResourceLimit { Soft = value, Hard = value };
        if (NativeMethods.SetResourceLimit(resource, limit) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Private writable memory, which is what the kernel counts against the data limit since Linux 4.7.</summary>
    private static ulong CurrentDataSize()
    {
        const string Label = "VmData:";
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Label, StringComparison.Ordinal));
        var kilobytes = line.AsSpan(Label.Length).Trim().TrimEnd("kB").Trim();
        return ulong.Parse(kilobytes, CultureInfo.InvariantCulture) * 1024;
    }
}
