using Acornima;
using Jint;
using Jint.Native;
using Jint.Runtime;

namespace FuncChat.Sandbox.Scripts;

/// <summary>Runs a script, and says with the last frame how it ended.</summary>
internal static class ScriptRun
{
    public static void Run(ScriptRequest request, FrameWriter frames)
    {
        // Made before there is no memory to make it with.
        Action outOfMemory = () => frames.Write(SandboxProtocol.OutOfMemory);
        using var timeout = new CancellationTokenSource(request.Timeout);
        try
        {
            Evaluate(request, frames, timeout.Token);
        }
        catch (ParseErrorException exception)
        {
            frames.Write(SandboxProtocol.Error, $"SyntaxError: {exception.Message}");
        }
        catch (OutOfMemoryException)
        {
            outOfMemory();
        }
        catch (Exception exception) when (exception is ExecutionCanceledException or TimeoutException || timeout.IsCancellationRequested)
        {
            frames.Write(SandboxProtocol.TimedOut);
        }
    }

    private static void Evaluate(ScriptRequest request, FrameWriter frames, CancellationToken cancellationToken)
    {
        var source = TopLevelAwait.Rewrite(request.Code);
        var engine = ScriptEngine.Create(request.Timeout, cancellationToken);
        var objects = new ObjectReader(engine, source);
        ScriptConsole.Add(engine, objects, frames, request.OutputLimit);
        try
        {
            var value = Await(engine, engine.Evaluate(source.Text, ScriptSource.Name), cancellationToken);
            if (ResultJson.TryWrite(objects, value, request.OutputLimit) is { } json)
            {
                frames.Write(SandboxProtocol.Value, json);
                return;
            }

            var text = new ValueText(objects, request.OutputLimit);
            text.AppendTopLevel(value);
            if (text.IsCut)
                frames.Write(SandboxProtocol.Truncated);
            frames.Write(SandboxProtocol.Value, ResultJson.OfText(text.ToString()));
        }
        catch (Exception exception) when (ErrorText.Of(exception, objects, request.OutputLimit) is { } error)
        {
            frames.Write(SandboxProtocol.Error, error);
        }
    }

    /// <summary>
    /// What a promise was settled with. Nothing outside of the script can settle one, so a promise that is still pending when the script has nothing
    /// left to do stays so.
    /// </summary>
    private static JsValue Await(Engine engine, JsValue value, CancellationToken cancellationToken)
    {
        engine.Advanced.ProcessTasks();
        if (!value.IsPromise())
            return value;

        var settled = value.UnwrapIfPromiseAsync(cancellationToken);
        return settled.IsCompleted
            ? settled.GetAwaiter().GetResult()
            : throw new ScriptException(
                "The script ended while the promise that it awaits was still pending: nothing is left to run that could settle it. "
                + "There are no timers, no network and no files here.");
    }
}
