using System.Globalization;
using FuncChat.Sandbox.Confinement;
using FuncChat.Sandbox.Scripts;

namespace FuncChat.Sandbox;

/// <summary>
/// One process, one script. The order matters: everything that needs a file comes first, then the process confines itself, and only then does it read
/// the model's code.
/// </summary>
internal static class Program
{
    /// <summary>Fixed, so that recursion ends at the same depth on every operating system.</summary>
    private const int StackSize = 16 * 1024 * 1024;

    public static void Main(string[] args)
    {
        // The engine's stack limit counts from the thread that created it.
        var thread = new Thread(() => Run(long.Parse(args[0], CultureInfo.InvariantCulture)), StackSize);
        thread.Start();
        thread.Join();
        // Without waiting for the engine to clean up after itself.
        Environment.Exit(0);
    }

    private static void Run(long memoryLimit)
    {
        var input = Console.OpenStandardInput();
        var output = Console.OpenStandardOutput();
        // The console opens files of its own with the first write.
        output.Write([]);
        var frames = new FrameWriter(output);

        WarmUp.Run();
        var engine = new ScriptEngine(memoryLimit, frames);
        ResourceLimits.Apply(memoryLimit);
        SystemCallFilter.Apply();
        frames.Write(SandboxProtocol.Ready);

        if (ScriptRequest.ReadFrom(input) is not { } request)
            return;

        ResourceLimits.LimitProcessorTime(request.Timeout);
        Lifeline.Watch(input);
        ScriptRun.Run(engine, request, frames);
    }
}
