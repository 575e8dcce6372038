using System.Reflection;

namespace FuncChat.Sandbox.Scripts;

/// <summary>
/// Loads every assembly while files can still be opened, and runs a script of our own, small since it is compiled for each child anew: what the model's
/// script needs beyond it is compiled when it is needed.
/// </summary>
internal static class WarmUp
{
    private const string Code = "console.log(`${[1].map(n => n + 1)}`); null";

    public static void Run()
    {
        Load(typeof(Jint.Engine).Assembly, []);
        ScriptRun.Run(new ScriptRequest(Code, TimeSpan.FromSeconds(60), 1000), new FrameWriter(Stream.Null));
    }

    private static void Load(Assembly assembly, HashSet<string> seen)
    {
        foreach (var reference in assembly.GetReferencedAssemblies())
        {
            if (seen.Add(reference.FullName))
                Load(Assembly.Load(reference), seen);
        }
    }
}
