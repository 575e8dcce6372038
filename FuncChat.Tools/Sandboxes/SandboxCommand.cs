using System.Diagnostics;
using System.Globalization;
using FuncChat.Sandbox;
using FuncChat.Tools.JavaScript;
using FuncChat.Tools.Scrape;

namespace FuncChat.Tools.Sandboxes;

/// <summary>How the child process is started: with nothing of ours in its environment, and a heap that the runtime itself limits.</summary>
internal static class SandboxCommand
{
    /// <summary>The .NET runtime's own heap, which holds the script's text and its output; the script's values are in the engine's.</summary>
    private const long RuntimeHeap = 96 * 1024 * 1024;

    /// <summary>A document's objects are in the runtime's own heap.</summary>
    private const long DocumentHeap = 192 * 1024 * 1024;

    /// <summary>For a child that runs a script.</summary>
    public static ProcessStartInfo Create(JavaScriptOptions options) => Create(options.MemoryMegabytes * 1024L * 1024, RuntimeHeap);

    /// <summary>For a child that reads a document.</summary>
    public static ProcessStartInfo CreateForDocument(DocumentKind kind) =>
        Create(DocumentHeap, DocumentHeap, kind is DocumentKind.Pdf ? SandboxProtocol.ReadsPdf : SandboxProtocol.ReadsOffice);

    private static ProcessStartInfo Create(long memory, long runtimeHeap, params ReadOnlySpan<string> more)
    {
        var command = new ProcessStartInfo(DotnetHost.Find())
        {
            ArgumentList =
            {
                "exec",
                Path.Combine(Path.GetDirectoryName(typeof(SandboxCommand).Assembly.Location)!, "FuncChat.Sandbox.dll"),
                memory.ToString(CultureInfo.InvariantCulture),
            },
            WorkingDirectory = Path.GetPathRoot(AppContext.BaseDirectory),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        foreach (var argument in more)
            command.ArgumentList.Add(argument);
        // Windows can't load its own libraries without it.
        var systemRoot = OperatingSystem.IsWindows() ? Environment.GetEnvironmentVariable("SystemRoot") : null;
        command.Environment.Clear();
        if (systemRoot is not null)
            command.Environment["SystemRoot"] = systemRoot;
        command.Environment["DOTNET_GCHeapHardLimit"] = runtimeHeap.ToString("X", CultureInfo.InvariantCulture);
        command.Environment["TZ"] = "UTC";
        // No debugger, profiler or dump collector may attach; it also saves a socket in the temporary folder.
        command.Environment["DOTNET_EnableDiagnostics"] = "0";
        return command;
    }
}
