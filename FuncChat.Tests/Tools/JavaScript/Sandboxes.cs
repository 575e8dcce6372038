using System.Diagnostics;
using FuncChat.Tools.JavaScript;
using FuncChat.Tools.Sandboxes;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Tools.JavaScript;

/// <summary>Runners of real child processes, and of things that only look like one.</summary>
internal static class Sandboxes
{
    public static SandboxRunner Create(JavaScriptOptions? options = null) => Create(options ?? new(), TimeProvider.System);

    /// <summary>A runner whose child is a shell script in place of the interpreter.</summary>
    public static SandboxRunner OfShell(string script, TimeProvider? time = null) =>
        Create(new() { WarmSpare = false }, time ?? TimeProvider.System, () => Shell(script));

    public static ProcessStartInfo Shell(string script) => new("/bin/sh", ["-c", script])
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    /// <summary>How many processes there are whose command line has the argument.</summary>
    public static int CountProcessesWith(string argument) => Directory.EnumerateDirectories("/proc")
        .Where(directory => char.IsAsciiDigit(Path.GetFileName(directory)[0]))
        .Count(directory => CommandLine(directory).Contains(argument, StringComparer.Ordinal));

    private static SandboxRunner Create(JavaScriptOptions options, TimeProvider time, Func<ProcessStartInfo>? command = null) =>
        new(command ?? (() => SandboxCommand.Create(options)), options, time, NullLogger<SandboxRunner>.Instance);

    private static string[] CommandLine(string directory)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directory, "cmdline")).Split('\0');
        }
        catch (IOException)
        {
            // It ended while we looked.
            return [];
        }
    }
}
