using Microsoft.ClearScript;

namespace FuncChat.Sandbox.Scripts;

/// <summary>Runs a script, and reports with the last frame how it ended.</summary>
internal static class ScriptRun
{
    /// <param name="engine">An engine that has run no other script.</param>
    public static void Run(ScriptEngine engine, SandboxRequest request, FrameWriter frames)
    {
        using var timeout = new CancellationTokenSource(request.Timeout);
        using var interrupt = timeout.Token.Register(engine.Interrupt);
        try
        {
            engine.Run(ScriptRewriter.Rewrite(request.Script), request.OutputLimit, timeout.Token);
        }
        catch (OutOfMemoryException)
        {
            frames.Write(SandboxProtocol.OutOfMemory);
        }
        catch (Exception exception) when (exception is OperationCanceledException || timeout.IsCancellationRequested)
        {
            frames.Write(SandboxProtocol.TimedOut);
        }
        catch (ScriptEngineException)
        {
            // Of the inspector, such as the end of the stack while it walks a value.
            frames.Write(SandboxProtocol.Error, "The script's result can't be read: it is too deep.");
        }
    }
}
