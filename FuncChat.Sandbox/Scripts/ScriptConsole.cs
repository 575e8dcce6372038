using Jint;
using Jint.Native;
using Jint.Runtime.Interop;

namespace FuncChat.Sandbox.Scripts;

/// <summary>The <c>console</c> of a script: each call is one line, sent at once, so that a killed script's output is not lost.</summary>
internal sealed class ScriptConsole
{
    private static readonly string[] Methods = ["log", "info", "warn", "error", "debug", "trace", "dir", "table"];

    private readonly ObjectReader _objects;
    private readonly FrameWriter _frames;
    private readonly int _limit;
    private int _written;
    private bool _cut;

    private ScriptConsole(ObjectReader objects, FrameWriter frames, int limit)
    {
        _objects = objects;
        _frames = frames;
        _limit = limit;
    }

    public static void Add(Engine engine, ObjectReader objects, FrameWriter frames, int limit)
    {
        var output = new ScriptConsole(objects, frames, limit);
        var console = new JsObject(engine);
        foreach (var method in Methods)
        {
            console.FastSetDataProperty(method, new ClrFunction(engine, method, (_, values) =>
            {
                output.Write(values);
                return JsValue.Undefined;
            }));
        }

        engine.SetValue("console", console);
    }

    private void Write(JsValue[] values)
    {
        if (_cut)
            return;

        var text = new ValueText(_objects, _limit - _written);
        text.AppendArguments(values);
        // An empty line costs, too.
        _written += text.Length + 1;
        _cut = text.IsCut || _written >= _limit;
        _frames.Write(SandboxProtocol.ConsoleLine, text.ToString());
        if (_cut)
        {
            _frames.Write(SandboxProtocol.ConsoleLine, $"… (console output was cut at {_limit} characters)");
            _frames.Write(SandboxProtocol.Truncated);
        }
    }
}
