using System.Text;
using Acornima;
using Microsoft.ClearScript;
using Microsoft.ClearScript.V8;

namespace FuncChat.Sandbox.Scripts;

/// <summary>
/// Loads every assembly and the engine's data while files can still be opened, and runs a script of ours through everything that needs a file the first
/// time.
/// </summary>
internal static class ScriptWarmUp
{
    private const long Memory = 64 * 1024 * 1024;
    private const string Code = "console.log(`${[1].map(n => n + 1)}`, new Date(0).toLocaleString('de'), crypto.randomUUID()); await new Promise(r => setTimeout(r)); [1]";

    public static void Run()
    {
        LoadedAssemblies.LoadReferencesOf(typeof(ScriptWarmUp).Assembly, typeof(V8Runtime).Assembly, typeof(ScriptObject).Assembly, typeof(Parser).Assembly);
        Run(Code);
    }

    private static void Run(string code)
    {
        var frames = new FrameWriter(Stream.Null);
        using var engine = new ScriptEngine(Memory, frames);
        ScriptRun.Run(engine, new SandboxRequest(Encoding.Unicode.GetBytes(code), TimeSpan.FromSeconds(60), 1000), frames);
    }
}
