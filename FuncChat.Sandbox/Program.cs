using System.Globalization;
using FuncChat.Sandbox.Confinement;
using FuncChat.Sandbox.Documents;
using FuncChat.Sandbox.Scripts;

namespace FuncChat.Sandbox;

/// <summary>
/// One process, one script or document. The order matters: everything that needs a file comes first, then the process confines itself, and only then does it read
/// its request.
/// </summary>
internal static class Program
{
    /// <summary>Fixed, so that recursion ends at the same depth on every operating system.</summary>
    private const int StackSize = 16 * 1024 * 1024;

    public static void Main(string[] args)
    {
        var memoryLimit = long.Parse(args[0], CultureInfo.InvariantCulture);
        var kind = args is [_, var second] ? second : null;
        // The engine's stack limit counts from the thread that created it.
        var thread = new Thread(() => Run(memoryLimit, kind), StackSize);
        thread.Start();
        thread.Join();
        // Without waiting for the engine to clean up after itself.
        Environment.Exit(0);
    }

    private static void Run(long memoryLimit, string? kind)
    {
        var input = Console.OpenStandardInput();
        var output = Console.OpenStandardOutput();
        // The console opens files of its own with the first write.
        output.Write([]);
        var frames = new FrameWriter(output);
        if (kind == SandboxProtocol.ReadsPdf)
            ReadDocument(memoryLimit, input, frames, PdfWarmUp.Run, PdfExtraction.Run);
        else if (kind == SandboxProtocol.ReadsOffice)
            ReadDocument(memoryLimit, input, frames, OfficeWarmUp.Run, OfficeExtraction.Run);
        else
            RunScript(memoryLimit, input, frames);
    }

    private static void RunScript(long memoryLimit, Stream input, FrameWriter frames)
    {
        ScriptWarmUp.Run();
        var engine = new ScriptEngine(memoryLimit, frames);
        Confine(memoryLimit, frames);
        if (SandboxRequest.ReadFrom(input) is not { } request)
            return;

        Start(request.Timeout, input);
        ScriptRun.Run(engine, request, frames);
    }

    private static void ReadDocument(long memoryLimit, Stream input, FrameWriter frames, Action warmUp, Action<SandboxRequest, FrameWriter> extract)
    {
        warmUp();
        Confine(memoryLimit, frames);
        if (SandboxRequest.ReadFrom(input) is not { } request)
            return;

        Start(request.Timeout, input);
        extract(request, frames);
    }

    private static void Confine(long memoryLimit, FrameWriter frames)
    {
        ResourceLimits.LowerPriority();
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
