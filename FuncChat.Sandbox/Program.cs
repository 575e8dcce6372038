using System.Globalization;
using FuncChat.Sandbox.Confinement;
using FuncChat.Sandbox.Scripts;

namespace FuncChat.Sandbox;

/// <summary>
/// One process, one script. The order matters: everything that needs a file is done first, then the doors are shut, and only then is
/// the model's code read.
/// </summary>
internal static class Program
{
    /// <summary>Of our choice, so that recursion ends at the same depth on every operating system.</summary>
    private const int StackSize = 16 * 1024 * 1024;

    public static void Main(string[] args)
    {
        var memoryLimit = long.Parse(args[0], CultureInfo.InvariantCulture);
        var input = Console.OpenStandardInput();
        var output = Console.OpenStandardOutput();
        // The console opens files of its own with the first write.
        output.Write([]);
        var frames = new FrameWriter(output);

        WarmUp.Run();
        ResourceLimits.Apply(memoryLimit);
        SystemCallFilter.Apply();
        frames.Write(SandboxProtocol.Ready);

        if (ScriptRequest.ReadFrom(input) is not { } request)
            return;

        ResourceLimits.LimitProcessorTime(request.Timeout);
        Lifeline.Watch(input);

        var thread = new Thread(() => ScriptRun.Run(request, frames), StackSize);
        thread.Start();
        thread.Join();
    }
}
