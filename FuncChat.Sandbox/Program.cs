using System.Globalization;
using FuncChat.Sandbox.Confinement;
using FuncChat.Sandbox.Documents;
using FuncChat.Sandbox.Scripts;

namespace FuncChat.Sandbox;

/// <summary>
/// One process, one script or PDF. The order matters: everything that needs a file comes first, then the process confines itself, and only then does it read
/// its request.
/// </summary>
internal static class Program
{
    /// <summary>Fixed, so that recursion ends at the same depth on every operating system.</summary>
    private const int StackSize = 16 * 1024 * 1024;

    public static void Main(string[] args)
    {
        var memoryLimit = long.Parse(args[0], CultureInfo.InvariantCulture);
        var readsPdf = args is [_, SandboxProtocol.ReadsPdf];
        // The engine's stack limit counts from the thread that created it.
        var thread = new Thread(() => Run(memoryLimit, readsPdf), StackSize);
        thread.Start();
        thread.Join();
        // Without waiting for the engine to clean up after itself.
        Environment.Exit(0);
    }

    private static void Run(long memoryLimit, bool readsPdf)
    {
        var input = Console.OpenStandardInput();
        var output = Console.OpenStandardOutput();
        // The console opens files of its own with the first write.
        output.Write([]);
        var frames = new FrameWriter(output);
        if (readsPdf)
            ReadPdf(memoryLimit, input, frames);
        else
            RunScript(memoryLimit, input, frames);
    }

    private static void RunScript(long memoryLimit, Stream input, FrameWriter frames)
    {
        WarmUp.Run();
        var engine = new ScriptEngine(memoryLimit, frames);
        Confine(memoryLimit, frames);
        if (ScriptRequest.ReadFrom(input) is not { } request)
            return;

        Start(request.Timeout, input);
        ScriptRun.Run(engine, request, frames);
    }

    private static void ReadPdf(long memoryLimit, Stream input, FrameWriter frames)
    {
        PdfWarmUp.Run();
        Confine(memoryLimit, frames);
        if (PdfRequest.ReadFrom(input) is not { } request)
            return;

        Start(request.Timeout, input);
        PdfExtraction.Run(request, frames);
    }

    private static void Confine(long memoryLimit, FrameWriter frames)
    {
        ResourceLimits.Apply(memoryLimit);
        SystemCallFilter.Apply();
        frames.Write(SandboxProtocol.Ready);
    }

    private static void Start(TimeSpan timeout, Stream input)
    {
        ResourceLimits.LimitProcessorTime(timeout);
        Lifeline.Watch(input);
    }
}
