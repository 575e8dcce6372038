using System.Reflection;

namespace FuncChat.Sandbox.Scripts;

/// <summary>
/// Runs a script of our own before any file is out of reach: it loads the assemblies, and compiles the code, that the model's
/// script is about to need.
/// </summary>
internal static class WarmUp
{
    private const string Code =
        """
        class Point { constructor(x) { this.x = x } get double() { return this.x * 2 } }
        const { a, ...rest } = JSON.parse('{"a":1,"b":[2,{"c":"d"}]}');
        const sum = async () => { let n = 0n; for (const i of [1, 2, 3].map(i => i + 1)) n += BigInt(i) ** 2n; return n };
        console.log(`${a} ${JSON.stringify(rest)}`, new Map([[1, new Set([/a(b)?/gi.exec('xab')])]]), new Point(2).double, await sum());
        try { null.x } catch (error) { console.error(error) }
        [new Date(0).toISOString(), (1.5).toFixed(2), (1234.5).toLocaleString(), 'ä'.localeCompare('b'), 'a-b'.replace(/-/, '+')]
        """;

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
