using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.ClearScript;
using Microsoft.ClearScript.JavaScript;
using Microsoft.ClearScript.V8;
using Microsoft.ClearScript.V8.FastProxy;

namespace FuncChat.Sandbox.Scripts;

/// <summary>
/// V8 for hostile code: no .NET object within reach, no modules, no WebAssembly, no network. There are two realms: the script's, and one that inspects its
/// values and can't be changed by it. The host gives the second one three functions without members; the script gets closures over them only.
/// </summary>
internal sealed class ScriptEngine : IDisposable
{
    private const string ScriptName = "script.js";

    /// <summary>Of the 16 MB that the thread has; the rest is for the host functions called at that depth.</summary>
    private const int StackUsage = 8 * 1024 * 1024;

    private readonly V8Runtime _runtime;
    private readonly V8ScriptEngine _inspectorRealm;
    private readonly V8ScriptEngine _scriptRealm;
    private readonly IJavaScriptObject _inspector;
    private readonly IJavaScriptObject _enter;
    private readonly FrameWriter _frames;

    static ScriptEngine() => V8Settings.GlobalFlags = V8GlobalFlags.DisableBackgroundWork;

    /// <param name="memoryLimit">Bytes of the heap, and of all array buffers together.</param>
    public ScriptEngine(long memoryLimit, FrameWriter frames)
    {
        _frames = frames;
        _runtime = new V8Runtime("script", new V8RuntimeConstraints
        {
            MaxNewSpaceSize = 16,
            MaxOldSpaceSize = (int)(memoryLimit / (1024 * 1024)),
            MaxArrayBufferAllocation = (ulong)memoryLimit,
        })
        {
            MaxStackUsage = StackUsage,
        };
        _inspectorRealm = CreateRealm();
        _scriptRealm = CreateRealm();

        var time = Stopwatch.StartNew();
        var createInspector = (IJavaScriptObject)_inspectorRealm.Evaluate(Document("inspector.js"), RealmSource.Inspector);
        _inspector = (IJavaScriptObject)createInspector.InvokeAsFunction(Function("send", Send));
        var now = Function("now", (in _, in result) => result.Set(time.Elapsed.TotalMilliseconds));
        var random = Function("random", (in _, in result) => result.Set(RandomHex()));
        _inspector.InvokeMethod("attach", _scriptRealm.Evaluate(RealmSource.Intrinsics), now);
        var addGlobals = (IJavaScriptObject)_scriptRealm.Evaluate(Document("globals.js"), RealmSource.Globals);
        _enter = (IJavaScriptObject)addGlobals.InvokeAsFunction(_inspector["forRealm"], random);
        ((IJavaScriptObject)_scriptRealm.Evaluate(Document("url.js"), RealmSource.Url)).InvokeAsFunction();
    }

    private delegate void HostFunction(in V8FastArgs arguments, in V8FastResult result);

    /// <summary>Runs the script with its timers, and reports how it ended with the last frame.</summary>
    /// <param name="outputLimit">Characters of console output, and of the result, each.</param>
    /// <exception cref="ScriptInterruptedException"><see cref="Interrupt"/> was called.</exception>
    public void Run(ScriptSource source, int outputLimit, CancellationToken cancellationToken)
    {
        var insertions = JsonSerializer.Serialize(source.Insertions.Select(insertion => new[] { insertion.Line, insertion.Column, insertion.Length }));
        _enter.InvokeAsFunction(_inspector["run"], $"{source.Text}\n//# sourceURL={ScriptName}", insertions, source.Lines, outputLimit);
        while (Convert.ToDouble(_inspector.InvokeMethod("wait"), CultureInfo.InvariantCulture) is >= 0 and var milliseconds)
        {
            if (cancellationToken.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(Math.Ceiling(milliseconds))))
                throw new OperationCanceledException(cancellationToken);
            _enter.InvokeAsFunction(_inspector["runTimer"]);
        }

        if (_inspector.InvokeMethod("end") is false)
            ReportSyntaxError(source);
    }

    /// <summary>Ends the script, from any thread.</summary>
    public void Interrupt()
    {
        _inspectorRealm.Interrupt();
        _scriptRealm.Interrupt();
    }

    public void Dispose()
    {
        _scriptRealm.Dispose();
        _inspectorRealm.Dispose();
        _runtime.Dispose();
    }

    private static DocumentInfo Document(string name) => new(name) { Flags = DocumentFlags.None };

    private static string RandomHex()
    {
        // Bytes 6 and 8 of a UUID are not all random.
        var bytes = Guid.NewGuid().ToByteArray();
        return Convert.ToHexStringLower([.. bytes[..6], .. bytes[10..]]);
    }

    private static V8FastHostFunction Function(string name, HostFunction function) =>
        new(name, 0, (bool _, in V8FastArgs arguments, in V8FastResult result) => function(arguments, result));

    private V8ScriptEngine CreateRealm() => _runtime.CreateScriptEngine(V8ScriptEngineFlags.HideHostExceptions);

    private void Send(in V8FastArgs arguments, in V8FastResult result) =>
        _frames.Write((byte)arguments.GetString(0)[0], arguments.GetString(1));

    /// <summary>Only the compiler knows where it is, and it only knows `await` within a function.</summary>
    private void ReportSyntaxError(ScriptSource source)
    {
        var error = FindSyntaxError(source.Text, linesBefore: 0);
        if (source.Insertions.Count == 0 && source.Text.Contains("await", StringComparison.Ordinal))
            error = FindSyntaxError($"(async () => {{\n{source.Text}\n}})", linesBefore: 1) ?? error;
        error ??= "SyntaxError: Invalid or unexpected token";
        var hint = TypeScriptSyntax.IsIn(source.Text) ? TypeScriptSyntax.Hint : ModuleSyntax.IsMeantBy(error) ? ModuleSyntax.Hint : null;
        _frames.Write(SandboxProtocol.Error, hint is null ? error : $"{error}\n{hint}");
    }

    private string? FindSyntaxError(string text, int linesBefore)
    {
        try
        {
            _scriptRealm.Compile(Document(ScriptName), text).Dispose();
            return null;
        }
        catch (ScriptEngineException exception)
        {
            return SyntaxErrorPosition.Find(exception.ErrorDetails) is var (line, column)
                ? $"{exception.Message} ({_inspector.InvokeMethod("position", line - linesBefore, column)})"
                : exception.Message;
        }
    }
}
