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
        .Count(directory => (Read(directory, "cmdline")?.Split('\0') ?? []).Contains(argument, StringComparer.Ordinal));

    /// <summary>What the kernel says of each thread of a process.</summary>
    /// <param name="file">The file that says it.</param>
    public static IReadOnlyList<string> ThreadStatuses(int process, string file = "status")
    {
        var statuses = Directory.EnumerateDirectories($"/proc/{process}/task").Select(thread => Read(thread, file)).OfType<string>().ToList();
        Assert.NotEmpty(statuses);
        return statuses;
    }

    private static SandboxRunner Create(JavaScriptOptions options, TimeProvider time, Func<ProcessStartInfo>? command = null) =>
        new(command ?? (() => SandboxCommand.Create(options)), options, time, NullLogger<SandboxRunner>.Instance);

    private static string? Read(string directory, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directory, file));
        }
        catch (IOException)
        {
            // It ended while we looked.
            return null;
        }
    }
}
